// Promises as the pages see them: what was proposed, confirmed, kept, broken; kept live by the socket.
import { shallowReactive } from "vue";
import { search, type Api } from "../api";
import type { Desk } from "../desk/desk";
import type { PromiseNews } from "../wire";

export interface PromisePage {
  items: PromiseNews[];
  next?: string | null;
}

export interface PromiseQuery {
  scope?: "mine" | "all";
  state?: PromiseNews["state"] | null;
  due?: boolean;
  broken?: boolean;
  conversation_id?: string;
  cursor?: string | null;
}

export class PromiseBoard {
  /** Everything heard of in this page's life, by id. */
  readonly known = shallowReactive(new Map<string, PromiseNews>());
  private readonly asked = new Set<string>();

  constructor(
    private readonly api: Api,
    desk: Desk,
  ) {
    desk.connection.on("promise", (promise) => {
      this.known.set(promise.id, promise);
      const held = desk.conversations.get(promise.conversation_id);
      // A message that was taken back holds its conversation no longer.
      if (promise.state === "dismissed" && held?.heldUntil && Date.parse(held.heldUntil) === Date.parse(promise.due_at)) held.heldUntil = null;
    });
  }

  /** The promises of a conversation are fetched once; afterwards the socket tells. */
  async of(conversationId: string): Promise<void> {
    if (this.asked.has(conversationId)) return;
    this.asked.add(conversationId);
    try {
      this.keep((await this.list({ conversation_id: conversationId })).items);
    } catch {
      this.asked.delete(conversationId);
    }
  }

  at(conversationId: string, seq: number): PromiseNews | null {
    for (const promise of this.known.values()) if (promise.conversation_id === conversationId && promise.seq === seq) return promise;
    return null;
  }

  async list(query: PromiseQuery): Promise<PromisePage> {
    const { due, broken, ...rest } = query;
    return this.api.call("GET", `/promises${search({ ...rest, due: due ? "true" : null, broken: broken ? "true" : null })}`);
  }

  confirm = (id: string, dueAt: string | null): Promise<void> => this.change(id, "confirm", dueAt ? { due_at: dueAt } : {});
  keepPromise = (id: string): Promise<void> => this.change(id, "keep");
  dismiss = (id: string): Promise<void> => this.change(id, "dismiss");

  async writeDown(conversationId: string, seq: number, dueAt: string): Promise<void> {
    this.keep([await this.api.call<PromiseNews>("POST", "/promises", { conversation_id: conversationId, seq, due_at: dueAt })]);
  }

  private async change(id: string, act: string, body?: object): Promise<void> {
    this.keep([await this.api.call<PromiseNews>("POST", `/promises/${id}/${act}`, body)]);
  }

  keep(promises: PromiseNews[]): void {
    for (const promise of promises) this.known.set(promise.id, promise);
  }
}
