// Who said something and what, as a colleague reads it in one line.
import { spoken } from "@yingda/shared/markdown";
import type { Conversation } from "../desk/conversation";
import type { Language } from "../language/language";
import type { Event } from "../wire";

export function nameOf(event: Event, conversation: Conversation, language: Language): string {
  const { kind, name } = event.actor;
  if (kind === "customer") return language.customer(conversation.customer);
  if (kind === "agent") return name || language.t("message.agent");
  return language.t(kind === "bot" ? "message.bot" : "message.system");
}

/** The text without line breaks, and without the marks of Markdown where it was written in it; a file by its name. */
export function wordsOf(event: Event, language: Language): string {
  if (event.redacted) return language.t("message.redacted");
  const said = event.text ?? "";
  const text = event.actor.kind === "customer" ? said.replace(/\s+/g, " ").trim() : spoken(said);
  const file = event.attachments?.[0];
  return text || (file ? language.t("message.file", { name: file.name }) : "");
}
