// Texts and files begun and not sent, per conversation or ticket and mode; they survive a reload of the tab.
import type { Attachment } from "../wire";

export type Mode = "reply" | "note" | "whisper";

const PREFIX = "yingda.console.draft.";

export class Drafts {
  constructor(private readonly storage: Storage) {}

  get(conversationId: string, mode: Mode): string {
    return this.storage.getItem(PREFIX + mode + conversationId) ?? "";
  }

  set(conversationId: string, mode: Mode, text: string): void {
    if (text) this.storage.setItem(PREFIX + mode + conversationId, text);
    else this.storage.removeItem(PREFIX + mode + conversationId);
  }

  /** Files that were sent for a text that was not. */
  files(place: string): readonly Attachment[] {
    return JSON.parse(this.storage.getItem(`${PREFIX}files${place}`) ?? "[]") as Attachment[];
  }

  keepFiles(place: string, files: readonly Attachment[]): void {
    const name = `${PREFIX}files${place}`;
    if (files.length > 0) this.storage.setItem(name, JSON.stringify(files));
    else this.storage.removeItem(name);
  }

  /** Hears that another page has changed the files of a place. */
  onFiles(listener: (place: string) => void): void {
    addEventListener("storage", ({ key }) => key?.startsWith(`${PREFIX}files`) && listener(key.slice(PREFIX.length + 5)));
  }

  clear(): void {
    for (const key of Object.keys(this.storage)) if (key.startsWith(PREFIX)) this.storage.removeItem(key);
  }
}
