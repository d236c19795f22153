// The order of one's own conversations: who waits for us first, the longest waiter on top; then the latest.
import type { Conversation } from "../desk/conversation";

export function isDue(conversation: Conversation): boolean {
  return conversation.since !== null || (!conversation.log.synced && conversation.unread > 0);
}

export function inOrder(conversations: readonly Conversation[]): Conversation[] {
  const due = conversations.filter(isDue).sort((a, b) => time(a.since, 0) - time(b.since, 0));
  const rest = conversations.filter((one) => !isDue(one)).sort((a, b) => time(b.lastAt, 0) - time(a.lastAt, 0));
  return [...due, ...rest];
}

function time(at: string | null, otherwise: number): number {
  return at ? Date.parse(at) : otherwise;
}
