/** From the logs of all conversations to the rows that a person reads: one thread, time lines, each rating at its message. */

import type { Event } from "@yingda/shared/events";
import type { Letter } from "./outbox.ts";

export type Row =
  | { type: "time"; key: string; at: string }
  | { type: "greeting"; key: string }
  | { type: "message"; key: string; event: Event; mine: boolean; first: boolean }
  | { type: "line"; key: string; event: Event; previous: Event | undefined }
  | { type: "letter"; key: string; letter: Letter }
  | { type: "rating"; key: string; conversationId: string; rating: Rating };

export interface Rating {
  agentName: string | undefined;
  closedAt: string;
  resolved: boolean | undefined;
  csat: number | undefined;
  commented: boolean;
}

const QUIET_MS = 5 * 60_000;
const UNRATED = new Set(["blocked", "merged", "message_left"]);

/** helpful or not, by the seq of the rated answer. */
export function answerRatings(events: Event[]): Map<number, boolean> {
  const ratings = new Map<number, boolean>();
  for (const event of events) {
    if (event.kind === "rating" && event.target_seq !== undefined && event.helpful !== undefined) {
      ratings.set(event.target_seq, event.helpful);
    }
  }
  return ratings;
}

/** The question about the service, for a conversation that ended after a human had written in it. */
export function ratingOf(events: Event[]): Rating | undefined {
  const closed = events.find((event) => event.kind === "state" && event.state === "closed");
  const agent = [...events].reverse().find((event) => event.kind === "message" && event.actor.kind === "agent");
  if (!closed || !agent || UNRATED.has(closed.reason ?? "")) return undefined;
  const rating: Rating = { agentName: agent.actor.name, closedAt: closed.at, resolved: undefined, csat: undefined, commented: false };
  for (const event of events) {
    if (event.kind !== "rating" || event.target_seq !== undefined) continue;
    rating.resolved = event.resolved ?? rating.resolved;
    rating.csat = event.csat ?? rating.csat;
    rating.commented ||= Boolean(event.comment);
  }
  return rating;
}

export interface ThreadParts {
  conversations: { id: string; events: Event[] }[];
  letters: Letter[];
  /** The greeting stands after this conversation; "" is the very beginning, null is nowhere. */
  greetAfter: string | null;
  greetedAt: string;
}

export function rowsOf({ conversations, letters, greetAfter, greetedAt }: ThreadParts): Row[] {
  const rows: Row[] = [];
  let lastAt = -Infinity;
  let lastSpeaker = "";
  const time = (at: string, key: string) => {
    const moment = Date.parse(at);
    if (moment - lastAt > QUIET_MS) {
      rows.push({ type: "time", key: `t${key}`, at });
      lastSpeaker = "";
    }
    lastAt = Math.max(lastAt, moment);
  };
  const greet = () => {
    time(greetedAt, "greeting");
    rows.push({ type: "greeting", key: "greeting" });
    lastSpeaker = "bot";
  };
  if (greetAfter === "") greet();
  for (const { id, events } of conversations) {
    let previous: Event | undefined;
    for (const event of events) {
      const key = `${id}.${event.seq}`;
      if (event.kind === "message") {
        time(event.at, key);
        const mine = event.actor.kind === "customer";
        const speaker = event.actor.kind + (event.actor.id ?? "");
        rows.push({ type: "message", key: event.client_id ?? key, event, mine, first: speaker !== lastSpeaker });
        lastSpeaker = event.redacted ? "" : speaker;
      } else if (event.kind === "state" || event.kind === "ticket") {
        time(event.at, key);
        rows.push({ type: "line", key, event, previous });
        if (event.kind === "state") previous = event;
        lastSpeaker = "";
      }
    }
    const rating = ratingOf(events);
    if (rating) rows.push({ type: "rating", key: `${id}.rating`, conversationId: id, rating });
    if (greetAfter === id) greet();
  }
  const known = new Set(rows.map((row) => row.key));
  for (const letter of letters) {
    if (known.has(letter.client_id)) continue;
    time(letter.at, letter.client_id);
    rows.push({ type: "letter", key: letter.client_id, letter });
  }
  return rows;
}
