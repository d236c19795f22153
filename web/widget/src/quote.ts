/** What a quoted message shows: who said it, and its first words. */

import type { Event } from "@yingda/shared/events";
import { spoken } from "@yingda/shared/markdown";
import type { Words } from "./words/words.ts";

const SHOWN = 80;

/** Who said it, as the customer calls them. */
export function speakerOf(words: Words, event: Event): string {
  if (event.actor.kind === "customer") return words.talk.you;
  if (event.actor.kind === "agent") return event.actor.name ?? words.agentFallback;
  return words.botName;
}

/** A message in one line: marks of Markdown and pictures are left out; a message without words is its file. */
export function excerptOf(words: Words, event: Event): string {
  if (event.redacted) return words.talk.gone;
  const plain = spoken((event.text ?? "").replace(/!\[[^\]]*\]\([^)]*\)/g, ""));
  const text = plain || (event.attachments?.length ? `${words.talk.file}${event.attachments[0]!.name}` : "");
  return [...text].length > SHOWN ? `${[...text].slice(0, SHOWN).join("")}…` : text;
}

/** Only people quote: what the bot replies to is plain from the order. */
export function quotes(event: Event): event is Event & { reply_to_seq: number } {
  return event.kind === "message" && event.reply_to_seq !== undefined && (event.actor.kind === "customer" || event.actor.kind === "agent");
}
