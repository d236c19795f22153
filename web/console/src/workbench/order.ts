// The order of conversations in a list: who waits for us first, what is due first, or the latest first.
import type { Conversation } from "../desk/conversation";
import type { ClockState } from "../wire";

export const SORTS = ["waiting", "due", "latest"] as const;
export type Sort = (typeof SORTS)[number];

/** The customer waits for a word of ours; as the server listed it, until the log is here. */
export function isDue(conversation: Conversation): boolean {
  return conversation.since !== null || (conversation.events.length === 0 && conversation.lastBy === "customer" && conversation.unread > 0);
}

/** The moment of the clock that runs out first; Infinity where none runs. */
export function dueAt(clocks: readonly ClockState[]): number {
  return Math.min(Infinity, ...clocks.filter((one) => !one.paused && one.due_at).map((one) => Date.parse(one.due_at!)));
}

export function inOrder(conversations: readonly Conversation[], sort: Sort = "waiting"): Conversation[] {
  const latest = (a: Conversation, b: Conversation): number => time(b.lastAt, 0) - time(a.lastAt, 0) || a.id.localeCompare(b.id);
  if (sort === "latest") return [...conversations].sort(latest);
  if (sort === "due") {
    const due = new Map(conversations.map((one) => [one.id, dueAt(one.clocks)]));
    // Two that never run out would differ by NaN.
    return [...conversations].sort((a, b) => (due.get(a.id) === due.get(b.id) ? latest(a, b) : due.get(a.id)! - due.get(b.id)!));
  }
  const waiting = conversations.filter(isDue).sort((a, b) => time(a.since, 0) - time(b.since, 0) || a.id.localeCompare(b.id));
  return [...waiting, ...conversations.filter((one) => !isDue(one)).sort(latest)];
}

function time(at: string | null, otherwise: number): number {
  return at ? Date.parse(at) : otherwise;
}
