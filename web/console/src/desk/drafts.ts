// Texts begun and not sent, per conversation and mode; they survive a reload of the tab.
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

  clear(): void {
    for (const key of Object.keys(this.storage)) if (key.startsWith(PREFIX)) this.storage.removeItem(key);
  }
}
