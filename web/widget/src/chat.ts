/** The customer's side of the wire: connection, threads, line and outbox in one place that pages subscribe to. */

import type { AnswerTicketAck, CallbackSlotsAck, ChatWelcome, Event, HandOverCard, OwnTicketDetail, RequestHumanAck, State, ThreadItem, TicketsAck } from "@yingda/shared/events";
import { Log } from "@yingda/shared/log";
import { Connection, RequestError, newId, type ChatConnection, type Status } from "@yingda/shared/socket";
import { forget, recall, remember } from "./memory.ts";
import { Outbox } from "./outbox.ts";

export interface ChatOptions {
  site: string | undefined;
  locale: string | undefined;
  page: { url: string; title: string } | undefined;
}

export interface Place {
  position: number | undefined;
  eta: [number, number] | undefined;
  /** It takes longer than was said, and the desk has told so: this range holds now. */
  slower: [number, number] | undefined;
  /** How long the place is kept for somebody who closes the page. */
  keepMinutes: number | undefined;
}

const DAY_MS = 24 * 3_600_000;
const TYPING_MS = 6_000;

export class Chat {
  readonly connection: ChatConnection;
  readonly outbox: Outbox;
  status: Status = "closed";
  refusal: RequestError | undefined;
  welcome: ChatWelcome | undefined;
  /** The conversations shown, oldest first. */
  logs: Log[] = [];
  hasEarlier = false;
  loadingEarlier = false;
  place: Place | undefined;
  typing: { name: string | undefined } | undefined;
  /** The agent has read up to here, in the last conversation. */
  readByAgent = 0;
  /** The last request for a human found nobody. */
  absence: RequestHumanAck | undefined;
  requestingHuman = false;
  greetAfter: string | null = null;
  greetedAt = new Date().toISOString();
  /** Grows whenever a ticket has changed. */
  ticketChanges = 0;
  onMessage: ((event: Event) => void) | undefined;

  private readonly listeners = new Set<() => void>();
  private earlier: ThreadItem[] = [];
  private identity: string | undefined;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  private lastTyping = 0;
  private queued = false;

  constructor(private readonly options: ChatOptions) {
    this.connection = new Connection({
      namespace: "/chat",
      auth: () => this.credentials(),
      onStatus: (status, error) => this.onStatus(status, error),
    });
    this.outbox = new Outbox(this.connection, () => this.changed(), (ack) => this.open(ack.conversation_id).expect(ack.seq));
    this.connection.on("welcome", (welcome) => this.onWelcome(welcome));
    this.connection.on("event", (event) => this.onEvent(event));
    this.connection.on("queue", (queue) => {
      if (queue.conversation_id === this.current?.conversationId) this.stand(queue.position, queue.eta, queue.slower, queue.keep_minutes);
    });
    this.connection.on("typing", ({ conversation_id, actor }) => {
      if (conversation_id !== this.current?.conversationId || actor.kind === "customer") return;
      this.showTyping({ name: actor.name });
    });
    this.connection.on("read", ({ conversation_id, seq }) => {
      if (conversation_id !== this.current?.conversationId) return;
      this.readByAgent = Math.max(this.readByAgent, seq);
      this.changed();
    });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(identity?: string): void {
    this.identity = identity;
    this.connection.connect();
  }

  /** The customer signed in on the embedding page (or out, without a token). */
  identify(identity: string | undefined): void {
    if (identity === this.identity && this.status !== "closed") return;
    this.identity = identity;
    this.connection.reconnect();
  }

  /** The language of the greeting and of the bot, from the next connection on. */
  speak(locale: string): void {
    if (locale === this.options.locale) return;
    this.options.locale = locale;
    if (this.status !== "closed") this.connection.reconnect();
  }

  /** Forgets the visitor on this device: a new thread begins. */
  async reset(): Promise<void> {
    const visitor = recall<string>("visitor");
    if (visitor) {
      // Out of reach or not: this device forgets the token either way.
      await fetch("/api/v1/visitor/reset", { method: "POST", headers: { Authorization: `Bearer ${visitor}` } }).catch(() => undefined);
    }
    this.identity = undefined;
    this.startAfresh();
    this.outbox.clear();
    this.connection.reconnect();
  }

  get current(): Log | undefined {
    return this.logs[this.logs.length - 1];
  }

  /** The state of the open conversation; undefined before the first message and after the end. */
  get state(): State | undefined {
    // A log begins without a state event: whatever is not known to be otherwise is with the bot.
    const state = this.current && (this.current.state ?? "bot");
    return state === "closed" ? undefined : state;
  }

  get ended(): boolean {
    return this.current?.state === "closed";
  }

  send(text: string, optionId?: string): void {
    this.outbox.add(text, optionId ? { option_id: optionId, conversation_id: this.current?.conversationId } : undefined);
  }

  async requestHuman(): Promise<RequestHumanAck | undefined> {
    if (this.requestingHuman) return undefined;
    this.requestingHuman = true;
    this.absence = undefined;
    this.changed();
    try {
      const ack = await this.connection.emit("request_human", { client_id: newId() });
      const log = this.open(ack.conversation_id);
      await log.sync().catch(() => undefined);
      if (ack.state === "waiting") this.stand(ack.position, ack.eta);
      if (ack.outcome === "after_hours" || ack.outcome === "nobody") this.absence = ack;
      return ack;
    } finally {
      this.requestingHuman = false;
      this.changed();
    }
  }

  async leaveQueue(): Promise<void> {
    const id = this.current?.conversationId;
    if (id) await this.connection.emit("leave_queue", { client_id: newId(), conversation_id: id });
  }

  async leaveMessage(text: string, contact: { phone?: string; email?: string }): Promise<string> {
    const ack = await this.connection.emit("leave_message", { client_id: newId(), text, contact });
    this.absence = undefined;
    return ack.ticket;
  }

  tickets(before?: string): Promise<TicketsAck> {
    return this.connection.emit("tickets", before ? { before } : {});
  }

  async ticket(number: string): Promise<OwnTicketDetail> {
    return (await this.connection.emit("ticket", { number })).ticket;
  }

  answerTicket(number: string, answer: { text?: string; solved?: boolean }): Promise<AnswerTicketAck> {
    return this.connection.emit("answer_ticket", { client_id: newId(), number, ...answer });
  }

  /** Whether there are tickets to look at. */
  get hasTickets(): boolean {
    return Boolean(this.welcome?.tickets) || this.logs.some((log) => log.events.some((event) => event.kind === "ticket"));
  }

  /** What a colleague gets of the conversation. */
  async handOverCard(): Promise<HandOverCard> {
    const id = this.current?.conversationId;
    if (!id) throw new RequestError("not_found", "no conversation");
    return (await this.connection.emit("hand_over_card", { conversation_id: id })).card;
  }

  async editCard(fields: { question?: string; tried?: string; page?: string }): Promise<void> {
    const id = this.current?.conversationId;
    if (id) await this.connection.emit("edit_card", { client_id: newId(), conversation_id: id, ...fields });
  }

  callbackSlots(): Promise<CallbackSlotsAck> {
    return this.connection.emit("callback_slots", {});
  }

  /** Books a call, or changes the one that is booked; without a phone number the known one stays. */
  async bookCallback(at: string, phone: string | undefined, callbackId: string | undefined): Promise<void> {
    await this.connection.emit("book_callback", {
      client_id: newId(), at, ...(phone && { phone }), ...(callbackId && { callback_id: callbackId }),
    });
    this.absence = undefined;
  }

  async cancelCallback(callbackId: string): Promise<void> {
    await this.connection.emit("cancel_callback", { client_id: newId(), callback_id: callbackId });
  }

  async end(): Promise<void> {
    const id = this.current?.conversationId;
    if (id) await this.connection.emit("close", { client_id: newId(), conversation_id: id });
  }

  async recall(event: Event): Promise<void> {
    await this.connection.emit("recall", { client_id: newId(), conversation_id: event.conversation_id, seq: event.seq });
  }

  async rateAnswer(event: Event, helpful: boolean): Promise<void> {
    await this.connection.emit("rate_answer", { client_id: newId(), conversation_id: event.conversation_id, seq: event.seq, helpful });
  }

  async rate(conversationId: string, rating: { resolved?: boolean; csat?: number; nps?: number; comment?: string; ticket?: string }): Promise<void> {
    await this.connection.emit("rate_conversation", { client_id: newId(), conversation_id: conversationId, ...rating });
  }

  /** A ticket out of a conversation that was called unsolved. Raises RequestError "invalid" where nobody could be reached. */
  async followUp(conversationId: string): Promise<void> {
    await this.connection.emit("follow_up", { client_id: newId(), conversation_id: conversationId });
  }

  /** Tells the agent that the customer is writing, at most every three seconds. */
  writing(): void {
    if (this.state !== "human" || Date.now() - this.lastTyping < 3_000) return;
    this.lastTyping = Date.now();
    this.connection.signal("typing", { conversation_id: this.current!.conversationId });
  }

  /** Messages of the other side that were not seen yet, in the last conversation. */
  get unread(): number {
    const log = this.current;
    if (!log) return 0;
    const seen = recall<Record<string, number>>("read")?.[log.conversationId] ?? 0;
    return log.events.filter((event) => event.seq > seen && event.kind === "message" && event.actor.kind !== "customer").length;
  }

  /** Everything there is has been seen. */
  markRead(): void {
    const log = this.current;
    if (!log || this.unread === 0) return;
    remember("read", { [log.conversationId]: log.lastSeq });
    this.connection.emit("read", { conversation_id: log.conversationId, seq: log.lastSeq }).catch(() => undefined);
    this.changed();
  }

  async loadEarlier(): Promise<void> {
    if (this.loadingEarlier || !this.hasEarlier) return;
    this.loadingEarlier = true;
    this.changed();
    try {
      if (this.earlier.length === 0) await this.fetchThreads(this.logs[0]?.conversationId);
      const item = this.earlier.pop();
      if (item) await this.open(item.id).sync();
      else this.hasEarlier = false;
      if (item && this.earlier.length === 0) await this.fetchThreads(item.id);
    } catch {
      // The connection went away; the button is still there.
    } finally {
      this.loadingEarlier = false;
      this.changed();
    }
  }

  private credentials(): object {
    const { site, locale, page } = this.options;
    const visitor = recall<string>("visitor");
    return {
      protocol: 1,
      ...(visitor && { visitor }),
      ...(this.identity && { identity: this.identity }),
      ...(site && { site }),
      ...(locale && { locale }),
      ...(page && { page }),
    };
  }

  private onStatus(status: Status, error: RequestError | undefined): void {
    this.status = status;
    this.refusal = error;
    if (status === "refused" && (error?.code === "unauthorized" || error?.code === "forbidden")) {
      // A signed identity that is not valid any more, or a visitor that was revoked: go on without it.
      if (this.identity) {
        this.identity = undefined;
        this.connection.connect();
      } else if (recall("visitor")) {
        this.startAfresh();
        this.connection.connect();
      }
    }
    this.changed();
  }

  private onWelcome(welcome: ChatWelcome): void {
    if (recall<string>("visitor") !== welcome.visitor && this.welcome) this.startAfresh();
    remember("visitor", welcome.visitor);
    const first = this.welcome === undefined;
    this.welcome = welcome;
    const open = welcome.conversation && this.open(welcome.conversation.id);
    const ready = first ? this.begin(open) : Promise.all(this.logs.map((log) => log.sync()));
    ready.catch(() => undefined).finally(() => this.changed());
    void this.outbox.deliver();
    this.changed();
  }

  /** First sight of the thread: the last conversation, and the greeting where nothing is going on. */
  private async begin(open: Log | undefined): Promise<void> {
    await Promise.all([open?.sync(), this.fetchThreads()]);
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

  private async fetchThreads(before?: string): Promise<void> {
    const { conversations } = await this.connection.emit("threads", before ? { before } : {});
    const known = new Set([...this.logs.map((log) => log.conversationId), ...this.earlier.map((item) => item.id)]);
    const fresh = conversations.filter((item) => !known.has(item.id) && item.last_seq > 0);
    this.earlier = [...fresh, ...this.earlier].sort((a, b) => (a.id < b.id ? -1 : 1));
    this.hasEarlier = this.earlier.length > 0;
  }

  /** The log of a conversation, made when it is not there yet. */
  private open(id: string): Log {
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

  private onEvent(event: Event): void {
    const log = this.open(event.conversation_id);
    const isNew = event.seq > log.lastSeq;
    log.insert(event);
    if (event.number) this.ticketChanges += 1;
    if (isNew && event.kind === "message" && event.actor.kind !== "customer") {
      this.showTyping(undefined);
      this.onMessage?.(event);
    }
  }

  private onLog(log: Log): void {
    for (const event of log.events) if (event.client_id) this.outbox.remove(event.client_id);
    if (log === this.current) {
      if (log.state !== "waiting") this.place = undefined;
      if (log.state === "human" || log.state === "closed" || (this.queued && log.state !== "waiting")) this.absence = undefined;
      if (log.state === "waiting" && !this.queued) this.readByAgent = 0;
      this.queued = log.state === "waiting";
    }
    this.changed();
  }

  /** A place in line never gets worse on the page, and a range holds until the desk says that it takes longer. */
  private stand(position: number | undefined, eta?: [number, number], slower?: [number, number], keepMinutes?: number): void {
    const before = this.place;
    this.place = {
      position: Math.min(position ?? before?.position ?? Infinity, before?.position ?? Infinity),
      eta: eta && (!before?.eta || eta[1] < before.eta[1]) ? eta : before?.eta,
      slower: slower ?? before?.slower,
      keepMinutes: keepMinutes ?? before?.keepMinutes,
    };
    if (this.place.position === Infinity) this.place.position = undefined;
    this.changed();
  }

  private showTyping(typing: { name: string | undefined } | undefined): void {
    clearTimeout(this.typingEnds);
    this.typing = typing;
    if (typing) this.typingEnds = setTimeout(() => this.showTyping(undefined), TYPING_MS);
    this.changed();
  }

  private startAfresh(): void {
    forget("visitor", "read");
    this.logs = [];
    this.earlier = [];
    this.welcome = undefined;
    this.place = this.absence = this.typing = undefined;
    this.readByAgent = 0;
  }

  private changed(): void {
    this.listeners.forEach((listener) => listener());
  }
}
