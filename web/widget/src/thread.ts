/** From the logs of all conversations to the rows that a person reads: one thread, time lines, each rating at its message. */

import type { Event } from "@yingda/shared/events";
import type { Letter } from "./outbox.ts";
import { quotes } from "./quote.ts";

export type Row =
  | { type: "time"; key: string; at: string }
  | { type: "greeting"; key: string }
  | { type: "message"; key: string; event: Event; mine: boolean; first: boolean; quoted: Event | undefined }
  | { type: "line"; key: string; event: Event; previous: Event | undefined }
  | { type: "letter"; key: string; letter: Letter; quoted: Event | undefined }
  | { type: "rating"; key: string; conversationId: string; rating: Rating };

export interface Rating {
  agentName: string | undefined;
  /** From here on it can be changed for a day; undefined while the conversation goes on. */
  closedAt: string | undefined;
  /** The number, where a ticket is rated. */
  ticket?: string;
  resolved: boolean | undefined;
  csat: number | undefined;
  commented: boolean;
}

const QUIET_MS = 5 * 60_000;
/** What ended otherwise, or for a reason that customers are not told, is not rated. */
const UNRATED = new Set(["", "merged", "message_left"]);

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

/** The question about the service, where a human has written: at the end, or before it when the agent asks. */
export function ratingOf(events: Event[]): Rating | undefined {
  const closed = events.find((event) => event.kind === "state" && event.state === "closed");
  const agent = events.findLast((event) => event.kind === "message" && event.actor.kind === "agent");
  if (!agent || (closed ? UNRATED.has(closed.reason ?? "") : !events.some(isInvitation))) return undefined;
  return withWords({ agentName: agent.actor.name, closedAt: closed?.at, resolved: undefined, csat: undefined, commented: false }, events);
}

/** The same for each ticket that is closed, by its number. */
export function ticketRatings(events: Event[]): Rating[] {
  const last = new Map<string, Event>();
  for (const event of events) if (event.kind === "ticket" && event.number) last.set(event.number, event);
  return [...last.values()]
    .filter((event) => event.status === "closed")
    .map((event) => withWords({ agentName: undefined, closedAt: event.at, ticket: event.number!, resolved: undefined, csat: undefined, commented: false }, events));
}

export function isInvitation(event: Event): boolean {
  return event.actor.kind === "system" && Boolean(event.buttons?.includes("rate"));
}

/** What the customer has said so far; the last word counts. */
function withWords(rating: Rating, events: Event[]): Rating {
  for (const event of events) {
    if (event.kind !== "rating" || event.target_seq !== undefined || event.number !== rating.ticket) continue;
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
    const rating = ratingOf(events);
    const tickets = new Map(ticketRatings(events).map((one) => [one.closedAt, one]));
    const rate = (one: Rating) => rows.push({ type: "rating", key: `${id}.${one.ticket ?? ""}rating`, conversationId: id, rating: one });
    for (const event of events) {
      const key = `${id}.${event.seq}`;
      if (event.kind === "message") {
        time(event.at, key);
        const mine = event.actor.kind === "customer";
        const speaker = event.actor.kind + (event.actor.id ?? "");
        rows.push({ type: "message", key: event.client_id ?? key, event, mine, first: speaker !== lastSpeaker, quoted: quotes(event) ? events[event.reply_to_seq - 1] : undefined });
        lastSpeaker = event.redacted ? "" : speaker;
        if (rating && !rating.closedAt && isInvitation(event)) rate(rating);
      } else if (event.kind === "state" || event.kind === "ticket") {
        time(event.at, key);
        rows.push({ type: "line", key, event, previous });
        if (event.kind === "state") previous = event;
        lastSpeaker = "";
        const closed = event.kind === "ticket" && tickets.get(event.at);
        if (closed && closed.ticket === event.number) rate(closed);
      }
    }
    if (rating?.closedAt) rate(rating);
    if (greetAfter === id) greet();
  }
  const known = new Set(rows.map((row) => row.key));
  for (const letter of letters) {
    if (known.has(letter.client_id)) continue;
    time(letter.at, letter.client_id);
    const about = letter.reply_to_seq && conversations.find(({ id }) => id === letter.conversation_id);
    rows.push({ type: "letter", key: letter.client_id, letter, quoted: about ? about.events[letter.reply_to_seq! - 1] : undefined });
  }
  return rows;
}
