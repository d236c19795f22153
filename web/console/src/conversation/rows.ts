// The rows of the log as the pane shows them: earlier conversations above, the present one below; pure, so it can be tested.
import type { Conversation } from "../desk/conversation";
import { timeline, type Item } from "../desk/timeline";

export type Row =
  | { type: "chapter"; key: string; id: string; at: string | null } // where a conversation begins
  | { type: "now"; key: string } // where the present one begins, under earlier ones
  | { type: "summary"; key: string; text: string }
  | { type: "item"; key: string; item: Item; conversation: Conversation };

/** ``past`` the oldest first. */
export function rowsOf(conversation: Conversation, past: readonly Conversation[], summary: string | null): Row[] {
  const rows: Row[] = [];
  for (const one of past) {
    rows.push({ type: "chapter", key: `c${one.id}`, id: one.id, at: one.startedAt });
    for (const item of timeline(one.events, one.notes, [], null)) rows.push({ type: "item", key: `${one.id}${item.key}`, item, conversation: one });
  }
  if (past.length > 0) rows.push({ type: "now", key: "now" });
  if (summary) rows.push({ type: "summary", key: "summary", text: summary });
  for (const item of timeline(conversation.events, conversation.notes, conversation.pending, conversation.unreadAfter, conversation.readSeq))
    rows.push({ type: "item", key: item.key, item, conversation });
  return rows;
}

/** About how high a row is before it was measured, in pixels: near enough that the bar of a long log does not jump. */
export function heightOf(row: Row): number {
  if (row.type === "summary") return 120;
  if (row.type !== "item") return 40;
  const { item } = row;
  if (item.type === "day" || item.type === "unread") return 36;
  if (item.type === "line") return 34;
  const text = item.type === "message" ? (item.event.text ?? "") : item.type === "note" ? item.note.text : item.pending.text;
  const lines = Math.min(20, text.split("\n").reduce((sum, line) => sum + Math.ceil(line.length / 40 || 1), 0));
  const named = item.type !== "message" || item.first;
  return 20 + lines * 23 + (named ? 30 : 4);
}
