/** Messages on their way: kept through a reload, sent one after the other so that their order holds, each under one client_id. */

import type { ChatConnection, ErrorCode } from "@yingda/shared/socket";
import { RequestError, newId } from "@yingda/shared/socket";
import type { CustomerSendMessage, SendAck } from "@yingda/shared/events";
import { recall, remember } from "./memory.ts";

export interface Letter {
  client_id: string;
  text: string;
  at: string;
  option_id?: string;
  conversation_id?: string;
  /** "sent": acknowledged, its event has not come in yet. */
  status: "sending" | "sent" | "failed";
  error?: ErrorCode;
}

const PASSING: ErrorCode[] = ["unavailable", "rate_limited"];
const TRIES = 5;

export class Outbox {
  letters: Letter[] = (recall<Letter[]>("outbox") ?? []).filter((letter) => letter.status !== "sent");
  private busy = false;

  constructor(
    private readonly connection: ChatConnection,
    private readonly onChange: () => void,
    private readonly onSent: (ack: SendAck) => void,
    private readonly pause = 3_000,
  ) {}

  add(text: string, option?: { option_id: string; conversation_id?: string | undefined }): void {
    const letter: Letter = { client_id: newId(), text, at: new Date().toISOString(), status: "sending" };
    if (option) {
      letter.option_id = option.option_id;
      if (option.conversation_id) letter.conversation_id = option.conversation_id;
    }
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
    this.changed();
  }

  clear(): void {
    this.letters = [];
    this.changed();
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
    const { client_id, text, option_id, conversation_id } = letter;
    const payload: CustomerSendMessage = { client_id, text };
    if (option_id) payload.option_id = option_id;
    if (conversation_id) payload.conversation_id = conversation_id;
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
        return this.change(client_id, { status: "failed", error: code });
      }
    }
  }

  private change(clientId: string, change: Partial<Letter>): void {
    this.letters = this.letters.map((letter) => (letter.client_id === clientId ? { ...letter, ...change } : letter));
    this.changed();
  }

  private changed(): void {
    remember("outbox", this.letters.filter((letter) => letter.status !== "sent"));
    this.onChange();
  }
}
