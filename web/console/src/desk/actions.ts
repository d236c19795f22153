// What an agent does: every act carries its own id, waits for the server's word and throws its refusal.
import { newId, RequestError } from "@yingda/shared/socket";
import type { AgentConnection } from "@yingda/shared/socket";
import type { Attachment, CustomerCard, WrapUp } from "../wire";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { MindedWords, Pending } from "./timeline";
import type { Unsent } from "./unsent";

export class Actions {
  private readonly connection: AgentConnection;
  private lastTyping = 0;

  constructor(
    private readonly desk: Desk,
    private readonly unsent: Unsent,
  ) {
    this.connection = desk.connection;
  }

  /** Shows again what an earlier life of this page could not send; it goes out when somebody says so. */
  restore(conversation: Conversation): void {
    const here = new Set([...conversation.pending.map((one) => one.clientId), ...conversation.events.map((event) => event.client_id)]);
    const left = this.unsent.of(conversation.id).filter((one) => !here.has(one.clientId));
    if (left.length > 0) conversation.pending = [...left.map((one) => ({ ...one, failed: "unsent" })), ...conversation.pending];
  }

  /** Takes a waiting or offered conversation. Raises RequestError "conflict" with the owner when somebody was faster. */
  async accept(conversationId: string, customer: CustomerCard): Promise<void> {
    this.desk.moving.add(conversationId);
    try {
      const { version } = await this.connection.emit("accept", { client_id: newId(), conversation_id: conversationId });
      this.desk.add({ id: conversationId, customer, state: "human", mine: true, version, owner: this.desk.me.value?.id ?? null });
      this.desk.line.drop(conversationId);
    } catch (error) {
      if (error instanceof RequestError && error.code === "conflict" && error.details["owner"]) this.desk.line.drop(conversationId);
      throw error;
    } finally {
      this.desk.offers.delete(conversationId);
      this.settleLater(conversationId);
    }
    await this.desk.open(conversationId);
  }

  async decline(conversationId: string): Promise<void> {
    this.desk.offers.delete(conversationId);
    await this.connection.emit("decline", { client_id: newId(), conversation_id: conversationId });
  }

  /** Answers the customer, and the message that is being quoted. */
  reply(conversation: Conversation, text: string, files: readonly Attachment[] = []): Promise<void> {
    const replyTo = conversation.quoting?.seq ?? null;
    conversation.quoting = null;
    return this.deliver(conversation, { ...blank("reply", text), replyTo, ...(files.length > 0 ? { files } : {}) });
  }

  /** A note for colleagues; those mentioned are told. A whisper is for the owner alone. */
  note(conversation: Conversation, text: string, { mentions = [] as readonly string[], whisper = false } = {}): Promise<void> {
    return this.deliver(conversation, { ...blank("note", text), mentions, whisper });
  }

  /** Sends again what was refused, under the same id. */
  retry(conversation: Conversation, pending: Pending): Promise<void> {
    this.discard(conversation, pending);
    return this.deliver(conversation, { ...pending, failed: null });
  }

  /** Sends words that were warned of, since the agent means them. */
  confirm(conversation: Conversation, pending: Pending): Promise<void> {
    this.discard(conversation, pending);
    return this.deliver(conversation, { ...pending, failed: null, words: [], mayConfirm: false }, true);
  }

  discard(conversation: Conversation, pending: Pending): void {
    this.unsent.forget(pending.clientId);
    conversation.pending = conversation.pending.filter((one) => one.clientId !== pending.clientId);
  }

  async recall(conversation: Conversation, seq: number): Promise<void> {
    await this.connection.emit("recall", { client_id: newId(), conversation_id: conversation.id, seq });
  }

  async transfer(conversation: Conversation, to: { agent_id: string } | { group_id: string }, note: string): Promise<void> {
    this.desk.moving.add(conversation.id);
    try {
      await this.connection.emit("transfer", { client_id: newId(), conversation_id: conversation.id, to, ...(note ? { note } : {}) });
      conversation.mine = false;
    } finally {
      this.settleLater(conversation.id);
    }
  }

  /** The server asks the customer; only their yes moves it. */
  async offerToBot(conversation: Conversation, note: string): Promise<void> {
    await this.connection.emit("transfer", { client_id: newId(), conversation_id: conversation.id, to: "bot", ...(note ? { note } : {}) });
  }

  /** A time promised to the customer; null takes it back. */
  async hold(conversation: Conversation, until: Date | null): Promise<void> {
    await this.connection.emit("hold", { client_id: newId(), conversation_id: conversation.id, until: until?.toISOString() ?? null });
    conversation.heldUntil = until?.toISOString() ?? null;
  }

  /** Several at once, each to its own; the ids of those that stayed, with the code of what hindered them. */
  async transferAll(items: { conversation: Conversation; to: { agent_id: string } | { group_id: string }; note: string }[]): Promise<Map<string, string>> {
    for (const { conversation } of items) this.desk.moving.add(conversation.id);
    try {
      const { results } = await this.connection.emit("transfer_all", {
        client_id: newId(),
        items: items.map(({ conversation, to, note }) => ({ conversation_id: conversation.id, to, ...(note ? { note } : {}) })),
      });
      const stayed = new Map(results.filter((one) => !one.ok).map((one) => [one.conversation_id, one.code ?? "unavailable"]));
      for (const { conversation } of items) if (!stayed.has(conversation.id)) conversation.mine = false;
      return stayed;
    } finally {
      for (const { conversation } of items) this.settleLater(conversation.id);
    }
  }

  async close(conversation: Conversation, resolved: boolean, wrapUp: WrapUp): Promise<void> {
    await this.connection.emit("close", { client_id: newId(), conversation_id: conversation.id, resolved, wrap_up: wrapUp });
    conversation.state = "closed";
  }

  /** Tells the customer that somebody writes, at most every three seconds. */
  typing(conversation: Conversation): void {
    if (Date.now() - this.lastTyping < 3000) return;
    this.lastTyping = Date.now();
    this.connection.signal("typing", { conversation_id: conversation.id });
  }

  /** The server's word about what we did may come a little after its acknowledgement. */
  private settleLater(conversationId: string): void {
    setTimeout(() => this.desk.moving.delete(conversationId), 3000);
  }

  private async deliver(conversation: Conversation, pending: Pending, confirmed = false): Promise<void> {
    conversation.pending = [...conversation.pending, pending];
    const common = { client_id: pending.clientId, conversation_id: conversation.id, text: pending.text };
    this.unsent.keep(conversation.id, pending);
    try {
      const storedSeq =
        pending.kind === "reply"
          ? (await this.connection.emit("send_message", { ...common, ...(pending.files ? { upload_ids: pending.files.flatMap(({ id }) => id ?? []) } : {}), ...(pending.replyTo ? { reply_to_seq: pending.replyTo } : {}), ...(confirmed ? { confirmed } : {}) })).seq
          : (await this.connection.emit("add_note", { ...common, ...(pending.mentions?.length ? { mentions: [...pending.mentions] } : {}), ...(pending.whisper ? { whisper: true } : {}) })).note_seq;
      this.unsent.forget(pending.clientId);
      this.settle(conversation, pending, { storedSeq });
    } catch (error) {
      const details = error instanceof RequestError ? error.details : {};
      const words = Array.isArray(details["words"]) ? (details["words"] as MindedWords[]) : [];
      this.settle(conversation, pending, { failed: error instanceof RequestError ? error.code : "unavailable", words, mayConfirm: details["confirm"] === true });
    }
  }

  private settle(conversation: Conversation, pending: Pending, change: Partial<Pending>): void {
    const reached = (): number => (pending.kind === "reply" ? conversation.log.lastSeq : conversation.log.lastNoteSeq);
    const stored = change.storedSeq ?? null;
    conversation.pending =
      stored !== null && stored <= reached()
        ? conversation.pending.filter((one) => one.clientId !== pending.clientId)
        : conversation.pending.map((one) => (one.clientId === pending.clientId ? { ...one, ...change } : one));
    // The acknowledgement came and its event did not: ask for it.
    if (stored !== null && stored > reached()) setTimeout(() => void (stored > reached() && conversation.log.sync().catch(() => undefined)), 2000);
  }
}

function blank(kind: Pending["kind"], text: string): Pending {
  return { clientId: newId(), kind, text, at: new Date().toISOString(), failed: null, storedSeq: null };
}
