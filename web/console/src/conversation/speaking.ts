// Who said something and what, as a colleague reads it in one line.
import type { Conversation } from "../desk/conversation";
import type { Language } from "../language/language";
import type { Event } from "../wire";

export function nameOf(event: Event, conversation: Conversation, language: Language): string {
  const { kind, name } = event.actor;
  if (kind === "customer") return language.customer(conversation.customer);
  if (kind === "agent") return name || language.t("message.agent");
  return language.t(kind === "bot" ? "message.bot" : "message.system");
}

/** The text without its line breaks; a file by its name. */
export function wordsOf(event: Event, language: Language): string {
  if (event.redacted) return language.t("message.redacted");
  const text = (event.text ?? "").replace(/\s+/g, " ").trim();
  const file = event.attachments?.[0];
  return text || (file ? language.t("message.file", { name: file.name }) : "");
}
