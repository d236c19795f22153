/** Messages on their way: kept through a reload, sent one after the other so that their order holds, each under one client_id. */

import type { ChatConnection, ErrorCode } from "@yingda/shared/socket";
import { RequestError, newId } from "@yingda/shared/socket";
import type { Attachment, CustomerSendMessage, SendAck } from "@yingda/shared/events";
import { onElsewhere, recall, remember } from "./memory.ts";

export interface Letter {
  client_id: string;
  text: string;
  at: string;
  option_id?: string;
  /** The message that it quotes, in `conversation_id`. */
  reply_to_seq?: number;
  conversation_id?: string;
  files?: Attachment[];
  /** "sent": acknowledged, its event has not come in yet. */
  status: "sending" | "sent" | "failed";
  error?: ErrorCode;
}

/** What a message says beside its text. */
export type LetterParts = Pick<Letter, "option_id" | "reply_to_seq" | "conversation_id" | "files">;

const PASSING: ErrorCode[] = ["unavailable", "rate_limited"];
const TRIES = 5;
const KEY = "outbox";

export class Outbox {
  /** Those of other tabs are taken over at the start: a tab that was closed cannot send them any more, and twice is once. */
  letters: Letter[] = kept();
  private readonly adopted = new Set(this.letters.map((letter) => letter.client_id));
  private busy = false;

  constructor(
    private readonly connection: ChatConnection,
    private readonly onChange: () => void,
    private readonly onSent: (ack: SendAck) => void,
    private readonly pause = 3_000,
  ) {
    onElsewhere(KEY, () => this.followOthers());
  }

  add(text: string, parts: LetterParts = {}): void {
    const letter: Letter = { client_id: newId(), text, at: new Date().toISOString(), status: "sending", ...parts };
    this.letters = [...this.letters, letter];
    this.changed();
    void this.deliver();
  }

  retry(clientId: string): void {
    this.change(clientId, { status: "sending" });
    void this.deliver();
  }

  /** The letter's event is in the log, or the customer threw it away. */
  remove(clientId: string): void {
    if (!this.letters.some((letter) => letter.client_id === clientId)) return;
    this.letters = this.letters.filter((letter) => letter.client_id !== clientId);
    this.changed(clientId);
  }

  clear(): void {
    this.letters = [];
    remember(KEY, []);
    this.onChange();
  }

  /** Sends what waits, oldest first. */
  async deliver(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let next = this.next(); next; next = this.next()) await this.send(next);
    this.busy = false;
  }

  private next(): Letter | undefined {
    return this.letters.find((letter) => letter.status === "sending");
  }

  private async send(letter: Letter): Promise<void> {
    const { client_id, text, option_id, reply_to_seq, conversation_id, files } = letter;
    const payload: CustomerSendMessage = { client_id, text };
    if (option_id) payload.option_id = option_id;
    if (reply_to_seq) payload.reply_to_seq = reply_to_seq;
    if (conversation_id) payload.conversation_id = conversation_id;
    if (files) payload.upload_ids = files.flatMap(({ id }) => id ?? []);
    for (let tries = 1; ; tries += 1) {
      try {
        const ack = await this.connection.emit("send_message", payload);
        this.change(client_id, { status: "sent" });
        this.onSent(ack);
        return;
      } catch (error) {
        const code = error instanceof RequestError ? error.code : "unavailable";
        if (tries < TRIES && PASSING.includes(code)) {
          await new Promise((resume) => setTimeout(resume, this.pause));
          continue;
        }
        if (code === "invalid" && payload.reply_to_seq) {
          // The quoted conversation has ended meanwhile, and the words stand in the next one: they go without the quote.
          delete payload.reply_to_seq;
          continue;
        }
        return this.change(client_id, { status: "failed", error: code });
      }
    }
  }

  private change(clientId: string, change: Partial<Letter>): void {
    this.letters = this.letters.map((letter) => (letter.client_id === clientId ? { ...letter, ...change } : letter));
    this.changed();
  }

  /** Keeps our letters beside those of other tabs. */
  private changed(gone?: string): void {
    const own = new Set([...this.letters.map((letter) => letter.client_id), gone]);
    remember(KEY, [...kept().filter((letter) => !own.has(letter.client_id)), ...this.letters.filter((letter) => letter.status !== "sent")]);
    this.onChange();
  }

  /** What another tab has sent or thrown away is no longer ours to send. */
  private followOthers(): void {
    const there = new Set(kept().map((letter) => letter.client_id));
    const left = this.letters.filter((letter) => there.has(letter.client_id) || !this.adopted.has(letter.client_id) || letter.status === "sent");
    if (left.length === this.letters.length) return;
    this.letters = left;
    this.onChange();
  }
}

function kept(): Letter[] {
  return (recall<Letter[]>(KEY) ?? []).filter((letter) => letter.status !== "sent");
}
