/** The newest message that the customer has not seen, in one line, for whatever stands around the chat. */

import type { Event } from "@yingda/shared/events";
import { spoken } from "@yingda/shared/markdown";
import type { Chat } from "./chat.ts";
import type { Preview } from "./loader/messages.ts";
import type { Words } from "./words/words.ts";

const LONGEST = 160;

export function previewOf(event: Event, words: Words): Preview {
  const name = event.actor.kind === "bot" ? words.botName : (event.actor.name ?? words.title);
  return { id: `${event.conversation_id}:${event.seq}`, from: event.actor.kind, name, text: lineOf(event.text ?? "") || words.newMessages };
}

/** The newest one while there is any. */
export function newestUnseen(chat: Chat, words: Words): Preview | undefined {
  if (chat.unread === 0) return undefined;
  const newest = chat.current?.events.findLast((event) => event.kind === "message" && event.actor.kind !== "customer");
  return newest && previewOf(newest, words);
}

/** Markdown as people would say it. */
function lineOf(text: string): string {
  const plain = spoken(text.replace(/^\s*(?:[-*]|\d+\.)\s+/gm, ""));
  const letters = [...plain];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : plain;
}
