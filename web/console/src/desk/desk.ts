// The agent's live desk: keeps the connection, routes what arrives to conversations and the line, says what is fresh.
import { RequestError, type AgentConnection, type Status } from "@yingda/shared/socket";
import { computed, reactive, shallowReactive, shallowRef, type ComputedRef } from "vue";
import type { AgentConversation, AgentSelf, AgentWelcome, Alert, CustomerCard, Event, Note, Offer, Presence, PresenceChange, Summary } from "../wire";
import { newConversation, type Conversation, type Seed } from "./conversation";
import { WaitingLine } from "./line";

/** What happened that somebody should hear of; the pages choose the words. */
export type News =
  | { type: "message"; conversation: Conversation; event: Event }
  | { type: "assigned"; conversation: Conversation; offer: Offer }
  | { type: "offer"; offer: Offer }
  | { type: "taken_away"; conversation: Conversation; reason: string }
  | { type: "alert"; alert: Alert }
  | { type: "presence"; change: PresenceChange; own: boolean }; // own: it only says what this page had said

export type Connect = (onStatus: (status: Status, error?: RequestError) => void) => AgentConnection;

export class Desk {
  readonly state = reactive({
    status: "closed" as Status,
    settled: false, // the welcome of this connection has come
    selected: null as string | null,
    peeking: false, // on a narrow screen: the list is in front
  });
  readonly me = shallowRef<AgentSelf | null>(null);
  readonly presence = shallowRef<Presence>({ status: "offline", accepting: true, capacity: 0, reason: null });
  readonly conversations = shallowReactive(new Map<string, Conversation>());
  readonly offers = shallowReactive(new Map<string, Offer>());
  readonly line = new WaitingLine();
  /** What conversations are filed under: first level, second levels. */
  readonly topics = shallowRef<Record<string, readonly string[]>>({});
  readonly mine: ComputedRef<Conversation[]> = computed(() => [...this.conversations.values()].filter((one) => one.mine && one.state !== "closed"));
  readonly ended: ComputedRef<Conversation[]> = computed(() => [...this.conversations.values()].filter((one) => one.mine && one.state === "closed").reverse());
  readonly selected: ComputedRef<Conversation | null> = computed(() => this.conversations.get(this.state.selected ?? "") ?? null);
  readonly connection: AgentConnection;
  /** Conversations that this page is just taking or passing on: what the server says of them is no news here. */
  readonly moving = new Set<string>();
  private lineTimer: ReturnType<typeof setTimeout> | undefined;
  private wanted: Presence | null = null;
  private listeners: ((news: News) => void)[] = [];

  constructor(connect: Connect) {
    this.connection = connect((status, error) => this.onStatus(status, error));
    const { connection } = this;
    connection.on("welcome", (welcome) => void this.welcome(welcome));
    connection.on("event", (event) => this.onEvent(event));
    connection.on("note", (note) => this.onNote(note));
    connection.on("summary", (summary) => this.onSummary(summary));
    connection.on("clocks", ({ conversation_id, clocks }) => {
      const conversation = this.conversations.get(conversation_id);
      if (conversation) conversation.clocks = clocks;
    });
    connection.on("alert", (alert) => this.onAlert(alert));
    connection.on("waiting", (change) => void (this.line.change(change) || this.fetchLine()));
    connection.on("presence", (change) => this.onPresence(change));
    connection.on("offer", (offer) => (this.offers.set(offer.conversation_id, offer), this.tell({ type: "offer", offer })));
    connection.on("assigned", (offer) => this.onAssigned(offer));
    connection.on("unassigned", ({ conversation_id, reason }) => this.onUnassigned(conversation_id, reason));
    connection.on("read", ({ conversation_id, seq }) => {
      const conversation = this.conversations.get(conversation_id);
      if (conversation && seq > conversation.readSeq) conversation.readSeq = seq;
    });
    connection.on("typing", ({ conversation_id, actor }) => {
      const conversation = this.conversations.get(conversation_id);
      if (conversation && actor.kind === "customer") conversation.typingUntil = Date.now() + 6000;
    });
  }

  onNews(listener: (news: News) => void): () => void {
    this.listeners.push(listener);
    return () => (this.listeners = this.listeners.filter((one) => one !== listener));
  }

  start(): void {
    this.connection.connect();
  }

  stop(): void {
    this.connection.disconnect();
    this.conversations.clear();
    this.offers.clear();
    this.line.replace(-1, []);
    this.wanted = null;
    Object.assign(this.state, { settled: false, selected: null });
  }

  /** Shows a conversation; one that is not this agent's is watched while it is open. */
  async open(id: string, seed?: Seed): Promise<void> {
    const before = this.selected.value;
    const conversation = this.conversations.get(id) ?? (seed ? this.add(seed) : null);
    if (!conversation) return;
    this.state.selected = id;
    if (before && before.id !== id) this.leave(before);
    if (!conversation.mine) await this.watch(conversation);
    if (!conversation.fresh) await this.freshen(conversation);
    conversation.unreadAfter = conversation.unread > 0 ? nthLastFromCustomer(conversation.events, conversation.unread) : null;
    this.markRead(conversation);
  }

  close(): void {
    if (this.selected.value) this.leave(this.selected.value);
    this.state.selected = null;
  }

  /** Fetches what is missing; afterwards the conversation is fresh, or says why not. */
  async freshen(conversation: Conversation): Promise<void> {
    const { log } = conversation;
    const had = log.synced ? log.lastSeq : null;
    try {
      await log.sync();
      conversation.trouble = null;
      conversation.fresh = this.state.status === "open";
      if (had !== null) conversation.missed = conversation.events.filter((event) => event.seq > had && isFromCustomer(event)).length;
    } catch (error) {
      const code = error instanceof RequestError ? error.code : "unavailable";
      if (code !== "unavailable") conversation.trouble = code;
    }
  }

  markRead(conversation: Conversation): void {
    if (!conversation.mine || !conversation.fresh || document.hidden) return;
    if (conversation.unread > 0) conversation.unread = 0;
    const { log } = conversation;
    if (log.lastSeq > 0) this.connection.emit("read", { conversation_id: conversation.id, seq: log.lastSeq }).catch(() => undefined);
  }

  async setPresence(change: Partial<Presence>): Promise<void> {
    const before = this.presence.value;
    this.presence.value = { ...before, reason: null, ...change };
    try {
      await this.connection.emit("set_presence", { ...this.presence.value });
      this.wanted = this.presence.value;
    } catch (error) {
      this.presence.value = before;
      throw error;
    }
  }

  async fetchLine(): Promise<void> {
    try {
      const answer = await this.connection.emit("waiting_line", {});
      this.line.replace(answer.version, answer.items);
    } catch {
      if (this.line.isKnown.value) this.line.replace(-1, []);
      clearTimeout(this.lineTimer);
      this.lineTimer = setTimeout(() => void (this.state.status === "open" && this.fetchLine()), 3000);
    }
  }

  /** A conversation of which no more is known than this; the rest comes with its log. */
  add(seed: Seed): Conversation {
    const known = this.conversations.get(seed.id);
    if (known) {
      const { lastSeq: _, id: __, ...news } = seed;
      return Object.assign(known, news);
    }
    const conversation = newConversation(seed, async (afterSeq, afterNoteSeq, limit) => {
      const page = await this.connection.emit("sync", {
        conversation_id: seed.id,
        after_seq: afterSeq,
        after_note_seq: afterNoteSeq,
        ...(limit ? { limit } : {}),
      });
      conversation.version = Math.max(conversation.version, page.version);
      return page;
    });
    this.conversations.set(seed.id, conversation);
    return conversation;
  }

  private onStatus(status: Status, _error?: RequestError): void {
    this.state.status = status;
    if (status === "open") return;
    this.state.settled = false;
    for (const conversation of this.conversations.values()) conversation.fresh = false;
  }

  private async welcome(welcome: AgentWelcome): Promise<void> {
    this.me.value = welcome.agent;
    this.presence.value = welcome.presence;
    this.topics.value = welcome.topics;
    const listed = new Set(welcome.conversations.map((one) => one.id));
    for (const conversation of this.conversations.values())
      if (conversation.mine && conversation.state !== "closed" && !listed.has(conversation.id)) conversation.mine = false;
    this.offers.clear();
    for (const one of welcome.conversations) this.add(seedOf(one));
    // The connection was lost for so long that the server let this agent go: say again what they had chosen.
    if (this.wanted && this.wanted.status === "online" && welcome.presence.status !== "online") void this.setPresence(this.wanted).catch(() => undefined);
    this.wanted ??= welcome.presence;
    this.state.settled = true;
    const open = this.selected.value;
    if (open && !open.mine) void this.watch(open).then(() => this.freshen(open));
    await Promise.all([this.fetchLine(), ...this.mine.value.map((one) => this.freshen(one))]);
    if (open?.mine) this.markRead(open);
  }

  private onEvent(event: Event): void {
    const conversation = this.conversations.get(event.conversation_id);
    if (!conversation) return;
    const isNew = event.seq > conversation.log.lastSeq;
    conversation.log.insert(event);
    if (!isNew || !isFromCustomer(event)) return;
    conversation.typingUntil = 0;
    if (!conversation.mine) return;
    if (this.state.selected === conversation.id && !document.hidden) this.markRead(conversation);
    else conversation.unread += 1;
    this.tell({ type: "message", conversation, event });
  }

  private onNote(note: Note): void {
    this.conversations.get(note.conversation_id)?.log.insertNote(note);
  }

  private onSummary(summary: Summary): void {
    const conversation = this.conversations.get(summary.conversation_id);
    if (!conversation) return;
    Object.assign(conversation, { topic: summary.topic ?? null, emotion: summary.emotion ?? null, soured: summary.soured, level: summary.level, heldUntil: summary.held_until ?? null });
    if (conversation.log.synced) return;
    Object.assign(conversation, { state: summary.state, lastText: summary.last_text, lastBy: summary.last_by, unread: summary.unread });
  }

  private onAlert(alert: Alert): void {
    const conversation = alert.conversation_id ? this.conversations.get(alert.conversation_id) : undefined;
    if (conversation && alert.kind === "soured") conversation.soured = true;
    this.tell({ type: "alert", alert });
  }

  /** Of one's own presence: a supervisor set it, or it happened by itself. Of the others' only the floor's page wants to know. */
  private onPresence(change: PresenceChange): void {
    let own = false;
    if (change.agent_id === this.me.value?.id) {
      const { status, accepting, capacity, reason } = change;
      own = this.presence.value.status === status && this.presence.value.accepting === accepting;
      this.presence.value = this.wanted = { status, accepting, capacity, reason: reason ?? null };
    }
    this.tell({ type: "presence", change, own });
  }

  private onAssigned(offer: Offer): void {
    this.offers.delete(offer.conversation_id);
    this.line.drop(offer.conversation_id);
    const conversation = this.add({
      id: offer.conversation_id,
      customer: offer.customer,
      state: "human",
      mine: true,
      reason: offer.reason,
      explanation: offer.explanation,
      owner: this.me.value?.id ?? null,
    });
    if (!conversation.lastText) conversation.lastText = offer.summary;
    void this.freshen(conversation);
    if (!this.moving.has(conversation.id)) this.tell({ type: "assigned", conversation, offer });
  }

  private onUnassigned(id: string, reason: string): void {
    this.offers.delete(id);
    const conversation = this.conversations.get(id);
    if (!conversation?.mine) return;
    if (reason === "resolved" || reason === "idle" || reason === "left" || conversation.state === "closed") {
      conversation.state = "closed";
      return;
    }
    conversation.mine = false;
    if (!this.moving.has(id)) this.tell({ type: "taken_away", conversation, reason });
  }

  private async watch(conversation: Conversation): Promise<void> {
    if (this.state.status !== "open") return;
    try {
      await this.connection.emit("watch", { conversation_id: conversation.id });
      conversation.watched = true;
    } catch (error) {
      if (error instanceof RequestError && error.code !== "unavailable") conversation.trouble = error.code;
    }
  }

  private leave(conversation: Conversation): void {
    conversation.missed = 0;
    conversation.unreadAfter = null;
    if (conversation.mine || !conversation.watched) return;
    conversation.watched = false;
    conversation.fresh = false; // nothing tells us of its news any more
    this.connection.emit("unwatch", { conversation_id: conversation.id }).catch(() => undefined);
  }

  private tell(news: News): void {
    for (const listener of this.listeners) listener(news);
  }
}

function seedOf(one: AgentConversation): Seed {
  return {
    id: one.id,
    customer: one.customer as CustomerCard,
    state: one.state,
    version: one.version,
    mine: true,
    reason: one.reason ?? null,
    page: (one.page as Conversation["page"]) ?? null,
    startedAt: one.started_at ?? null,
    lastText: one.last_text,
    lastAt: one.last_at ?? null,
    lastBy: one.last_by,
    owner: one.owner ?? null,
    topic: one.topic ?? null,
    emotion: one.emotion ?? null,
    soured: one.soured,
    level: one.level,
    clocks: one.clocks,
    heldUntil: one.held_until ?? null,
    unread: one.unread,
    readSeq: one.customer_read_seq,
    lastSeq: one.last_seq,
  };
}

function isFromCustomer(event: Event): boolean {
  return event.kind === "message" && event.actor.kind === "customer";
}

/** The seq before the last `count` messages of the customer. */
function nthLastFromCustomer(events: readonly Event[], count: number): number | null {
  let left = count;
  for (let i = events.length - 1; i >= 0; i -= 1) if (isFromCustomer(events[i]!) && (left -= 1) === 0) return events[i]!.seq - 1;
  return null;
}
