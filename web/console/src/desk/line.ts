// The waiting line as the server orders it; a version left out means that the whole line is asked for again.
import { ref, shallowRef } from "vue";
import type { WaitingChange, WaitingItem } from "../wire";

export class WaitingLine {
  readonly items = shallowRef<WaitingItem[]>([]);
  readonly isKnown = ref(false); // an unknown line must not look like an empty one
  private version = -1;

  replace(version: number, items: WaitingItem[]): void {
    this.version = version;
    this.items.value = ordered(items);
    this.isKnown.value = version >= 0;
  }

  /** Takes a change in; false when one before it is missing. */
  change(change: WaitingChange): boolean {
    if (change.version <= this.version) return true;
    if (this.version < 0 || change.version !== this.version + 1) return false;
    this.version = change.version;
    const gone = new Set([...change.remove, ...change.upsert.map((item) => item.conversation_id)]);
    this.items.value = ordered([...this.items.value.filter((item) => !gone.has(item.conversation_id)), ...change.upsert]);
    return true;
  }

  drop(conversationId: string): void {
    this.items.value = this.items.value.filter((item) => item.conversation_id !== conversationId);
  }
}

function ordered(items: WaitingItem[]): WaitingItem[] {
  return [...items].sort((a, b) => Date.parse(a.rank_at) - Date.parse(b.rank_at) || Date.parse(a.joined_at) - Date.parse(b.joined_at));
}
