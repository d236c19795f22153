/** The customer's conversations as one thread: which are held, what lies before them, where the greeting stands. */

import type { ThreadItem } from "@yingda/shared/events";
import { Log } from "@yingda/shared/log";
import type { ChatConnection } from "@yingda/shared/socket";

const DAY_MS = 24 * 3_600_000;

export class Threads {
  /** The conversations shown, oldest first. */
  logs: Log[] = [];
  hasEarlier = false;
  loadingEarlier = false;
  /** The greeting stands after this conversation; "" is the very beginning, null is nowhere. */
  greetAfter: string | null = null;
  greetedAt = new Date().toISOString();
  private earlier: ThreadItem[] = [];
  private begun = false;

  constructor(
    private readonly connection: ChatConnection,
    private readonly onChange: () => void,
    private readonly onLog: (log: Log) => void,
  ) {}

  get current(): Log | undefined {
    return this.logs[this.logs.length - 1];
  }

  /** The log of a conversation, made when it is not there yet. */
  open(id: string): Log {
    const known = this.logs.find((log) => log.conversationId === id);
    if (known) return known;
    const log = new Log(
      id,
      (after_seq) => this.connection.emit("sync", { conversation_id: id, after_seq }),
      { onChange: () => this.onLog(log) },
    );
    // Ids are UUIDv7: their order is the order of the conversations.
    this.logs = [...this.logs, log].sort((a, b) => (a.conversationId < b.conversationId ? -1 : 1));
    this.earlier = this.earlier.filter((item) => item.id !== id);
    return log;
  }

  /** First sight of the thread, or what was missed while the connection was away. */
  async catchUp(open: Log | undefined): Promise<void> {
    if (this.begun) await Promise.all(this.logs.map((log) => log.sync()));
    else await this.begin(open);
    this.begun = true;
  }

  /** The last conversation, and the greeting where nothing is going on. */
  private async begin(open: Log | undefined): Promise<void> {
    await Promise.all([open?.sync(), this.fetch()]);
    if (!open) {
      const last = this.earlier.pop();
      if (last) await this.open(last.id).sync();
    }
    const last = this.current?.events.at(-1);
    if (!last) this.greetAfter = "";
    else if (open) this.greetAfter = this.hasEarlier ? null : "";
    else if (Date.now() - Date.parse(last.at) > DAY_MS) this.greetAfter = this.current!.conversationId;
    const beginning = this.greetAfter === "" && this.current?.events[0]?.at;
    this.greetedAt = beginning || new Date().toISOString();
  }

  async loadEarlier(): Promise<void> {
    if (this.loadingEarlier || !this.hasEarlier) return;
    this.loadingEarlier = true;
    this.onChange();
    try {
      if (this.earlier.length === 0) await this.fetch(this.logs[0]?.conversationId);
      const item = this.earlier.pop();
      if (item) await this.open(item.id).sync();
      else this.hasEarlier = false;
      if (item && this.earlier.length === 0) await this.fetch(item.id);
    } catch {
      // The connection went away; the button is still there.
    } finally {
      this.loadingEarlier = false;
      this.onChange();
    }
  }

  clear(): void {
    this.logs = [];
    this.earlier = [];
    this.hasEarlier = this.begun = false;
  }

  private async fetch(before?: string): Promise<void> {
    const { conversations } = await this.connection.emit("threads", before ? { before } : {});
    const known = new Set([...this.logs.map((log) => log.conversationId), ...this.earlier.map((item) => item.id)]);
    const fresh = conversations.filter((item) => !known.has(item.id) && item.last_seq > 0);
    this.earlier = [...fresh, ...this.earlier].sort((a, b) => (a.id < b.id ? -1 : 1));
    this.hasEarlier = this.earlier.length > 0;
  }
}
