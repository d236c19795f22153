// Messages on their way, kept until the server has stored them: what a closed page could not send is there again later.
import type { Pending } from "./timeline";

const KEY = "yingda.console.unsent";
const KEPT_MS = 24 * 3600_000; // within the days for which the server knows a client_id

interface Kept {
  conversationId: string;
  pending: Pending;
}

export class Unsent {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {}

  keep(conversationId: string, pending: Pending): void {
    this.write([...this.read().filter((one) => one.pending.clientId !== pending.clientId), { conversationId, pending: { ...pending, failed: null, words: [] } }]);
  }

  forget(clientId: string): void {
    const kept = this.read();
    if (kept.some((one) => one.pending.clientId === clientId)) this.write(kept.filter((one) => one.pending.clientId !== clientId));
  }

  of(conversationId: string): Pending[] {
    return this.read().flatMap((one) => (one.conversationId === conversationId ? [one.pending] : []));
  }

  private read(): Kept[] {
    try {
      const value: unknown = JSON.parse(this.storage.getItem(KEY) ?? "[]");
      const since = this.now() - KEPT_MS;
      return Array.isArray(value) ? (value as Kept[]).filter((one) => typeof one?.pending?.clientId === "string" && Date.parse(one.pending.at) > since) : [];
    } catch {
      return [];
    }
  }

  private write(kept: Kept[]): void {
    if (kept.length > 0) this.storage.setItem(KEY, JSON.stringify(kept));
    else this.storage.removeItem(KEY);
  }
}
