// Questions asked of a conversation's log: who waits for whom, and what the matter is.
import type { Event } from "../wire";

/** When the customer began to wait for a human's words: their first message after ours, or the moment an agent joined in silence. Null when it is their turn. */
export function waitingSince(events: readonly Event[]): string | null {
  let since: string | null = null;
  for (let i = events.length - 1; i >= 0; i -= 1) {
    const event = events[i]!;
    if (event.kind === "state") {
      if (event.state !== "human") return null;
      if (event.reason === "transferred" && i > 0) continue;
      return events.slice(i).some((later) => later.actor.kind === "agent" && later.kind === "message") ? since : event.at;
    }
    if (event.kind !== "message" || event.redacted || event.number) continue; // a ticket's words are no part of the talk
    if (event.actor.kind === "agent") return since;
    if (event.actor.kind === "customer") since = event.at;
  }
  return since;
}

const WISH = /^(请?(帮我)?(转|找|要|接|叫)一?[个下]?\s*(人工|真人|客服)|人工(客服|服务)?$|在吗|你好|您好|hi\b|hello\b)/i;

/** The customer's own words for the matter, as the first sentence quotes them: their last real sentence before somebody joined. */
export function matterOf(events: readonly Event[]): string {
  let matter = "";
  for (const event of events) {
    if (event.kind !== "message" || event.actor.kind !== "customer" || event.redacted) continue;
    const text = (event.text ?? "").replace(/\s+/g, " ").trim().replace(/[。！？!?.…～~，,]+$/u, "");
    if ([...text].length >= 4 && !WISH.test(text)) matter = text;
  }
  const letters = [...matter];
  return letters.length > 48 ? `${letters.slice(0, 48).join("")}…` : matter;
}

/** May this agent still take the message back? */
export function recallable(event: Event, me: string | undefined, now: number): boolean {
  return (
    event.kind === "message" &&
    event.actor.kind === "agent" &&
    event.actor.id === me &&
    !event.redacted &&
    now - Date.parse(event.at) < 115_000 // five seconds short of the server's two minutes
  );
}
