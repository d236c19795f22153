/** The customer's side of the wire: connection, threads, line and outbox in one place that pages subscribe to. */

import type { Attachment, ChatWelcome, Event, RequestHumanAck, State } from "@yingda/shared/events";
import type { Log } from "@yingda/shared/log";
import { Connection, newId, type ChatConnection, type RequestError, type Status } from "@yingda/shared/socket";
import { Uploads } from "@yingda/shared/uploads";
import { inThisTab } from "@yingda/shared/uploads/unfinished";
import { Desk } from "./desk.ts";
import { forget, onElsewhere, recall, remember } from "./memory.ts";
import { Outbox, type LetterParts } from "./outbox.ts";
import { moved, type Place } from "./place.ts";
import { Threads } from "./threads.ts";
import { Trail } from "./trail.ts";

export interface ChatOptions {
  /** On a phone that was opened by a code, to photograph a screen. */
  continued?: boolean;
  site: string | undefined;
  locale: string | undefined;
  page: { url: string; title: string } | undefined;
}

const TYPING_MS = 6_000;

export class Chat {
  readonly connection: ChatConnection;
  readonly outbox: Outbox;
  readonly threads: Threads;
  readonly desk: Desk;
  readonly trail: Trail;
  readonly uploads: Uploads;
  status: Status = "closed";
  refusal: RequestError | undefined;
  welcome: ChatWelcome | undefined;
  place: Place | undefined;
  typing: { name: string | undefined } | undefined;
  /** The agent has read up to here, in the last conversation. */
  readByAgent = 0;
  /** The last request for a human found nobody. */
  absence: RequestHumanAck | undefined;
  requestingHuman = false;
  /** Grows whenever a ticket has changed. */
  ticketChanges = 0;
  /** A message of the other side has come in, now or while the connection was away. */
  private readonly hearers = new Set<(event: Event) => void>();

  private readonly listeners = new Set<() => void>();
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
    this.threads = new Threads(this.connection, () => this.changed(), (log) => this.onLog(log));
    this.desk = new Desk(this.connection, () => this.current?.conversationId, () => (this.absence = undefined));
    this.trail = new Trail(this.connection);
    this.outbox = new Outbox(this.connection, () => this.changed(), (ack) => this.threads.open(ack.conversation_id).expect(ack.seq));
    this.uploads = new Uploads({
      token: async () => recall<string>("visitor"),
      onChange: () => this.changed(),
      unfinished: inThisTab("yingda.unfinished"),
      draft: { get: () => recall<Attachment[]>("files") ?? [], set: (files) => remember("files", files) },
    });
    onElsewhere("files", () => this.uploads.followDraft());
    this.connection.on("welcome", (welcome) => this.onWelcome(welcome));
    this.connection.on("event", (event) => this.onEvent(event));
    this.connection.on("queue", ({ conversation_id, position, eta, slower, keep_minutes }) => {
      if (conversation_id === this.current?.conversationId) this.stand({ position, eta, slower, keepMinutes: keep_minutes });
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

  /** Tells every message of the other side that comes in from now on; returns the way to stop. */
  hear(hearer: (event: Event) => void): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
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
    this.trail.clear();
    this.uploads.clear();
    this.connection.reconnect();
  }

  get continued(): boolean {
    return this.options.continued === true;
  }

  get site(): string | undefined {
    return this.options.site;
  }

  /** The embedding page has become another one: what begins from now on begins there. */
  visit(url: string, title: string): void {
    const { page } = this.options;
    if (page?.url === url && page.title === title) return;
    this.options.page = { url, title };
    this.trail.visit(url, title);
  }

  get logs(): Log[] {
    return this.threads.logs;
  }

  get current(): Log | undefined {
    return this.threads.current;
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

  /** Says something: in words, as one of the offered options, or about an earlier message of the open conversation. */
  send(text: string, { option, quote, files = [] }: { option?: string; quote?: Event; files?: Attachment[] } = {}): void {
    const parts: LetterParts = files.length > 0 ? { files } : {};
    if (option) parts.option_id = option;
    if (quote && this.mayQuote(quote)) parts.reply_to_seq = quote.seq;
    if ((parts.option_id || parts.reply_to_seq) && this.current) parts.conversation_id = this.current.conversationId;
    this.outbox.add(text, parts);
  }

  /** A message stands in the open conversation, and has not been taken back. */
  mayQuote(event: Event): boolean {
    return event.conversation_id === this.current?.conversationId && !this.ended && !event.redacted;
  }

  async requestHuman(): Promise<RequestHumanAck | undefined> {
    if (this.requestingHuman) return undefined;
    this.requestingHuman = true;
    this.absence = undefined;
    this.changed();
    try {
      const ack = await this.connection.emit("request_human", { client_id: newId() });
      const log = this.threads.open(ack.conversation_id);
      await log.sync().catch(() => undefined);
      if (ack.state === "waiting") this.stand({ position: ack.position, eta: ack.eta });
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

  async end(): Promise<void> {
    const id = this.current?.conversationId;
    if (id) await this.connection.emit("close", { client_id: newId(), conversation_id: id });
  }

  async recall(event: Event): Promise<void> {
    await this.connection.emit("recall", { client_id: newId(), conversation_id: event.conversation_id, seq: event.seq });
  }

  /** Whether there are tickets to look at. */
  get hasTickets(): boolean {
    return Boolean(this.welcome?.tickets) || this.logs.some((log) => log.events.some((event) => event.kind === "ticket"));
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
    this.welcome = welcome;
    // What was said while the connection was away is news; what was there before the page is not.
    const known = new Map(this.logs.filter((log) => log.synced).map((log) => [log.conversationId, log.lastSeq]));
    const open = welcome.conversation && this.threads.open(welcome.conversation.id);
    this.threads.catchUp(open).catch(() => undefined).finally(() => {
      for (const log of this.logs) {
        const since = known.get(log.conversationId) ?? Infinity;
        for (const event of log.events) if (event.seq > since) this.heard(event);
      }
      this.changed();
    });
    void this.outbox.deliver();
    void this.trail.deliver();
    this.changed();
  }

  private onEvent(event: Event): void {
    const log = this.threads.open(event.conversation_id);
    const isNew = event.seq > log.lastSeq;
    log.insert(event);
    if (event.number) this.ticketChanges += 1;
    if (isNew) this.heard(event);
  }

  private heard(event: Event): void {
    if (event.kind !== "message" || event.actor.kind === "customer" || event.redacted) return;
    this.showTyping(undefined);
    this.hearers.forEach((hearer) => hearer(event));
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

  private stand(news: Partial<Place>): void {
    this.place = moved(this.place, news);
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
    this.threads.clear();
    this.welcome = undefined;
    this.place = this.absence = this.typing = undefined;
    this.readByAgent = 0;
  }

  private changed(): void {
    this.listeners.forEach((listener) => listener());
  }
}
