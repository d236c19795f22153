// The customer's earlier conversations, fetched when another customer comes into view.
import { ref, shallowRef, watch, computed, type ComputedRef, type Ref } from "vue";
import type { Api, ConversationRow, Customer } from "../api";
import type { Conversation } from "./conversation";

export interface Past {
  rows: Ref<ConversationRow[]>;
  older: ComputedRef<ConversationRow[]>; // before the one in view, the latest first
  customer: Ref<Customer | null>;
  failed: Ref<boolean>;
  loading: Ref<boolean>;
}

export function usePast(api: Api, conversation: Ref<Conversation | null>): Past {
  const rows = shallowRef<ConversationRow[]>([]);
  const customer = shallowRef<Customer | null>(null);
  const failed = ref(false);
  const loading = ref(false);

  watch(
    () => [conversation.value?.customer.id, conversation.value?.id] as const,
    async ([id], before) => {
      if (id !== before?.[0]) {
        rows.value = [];
        customer.value = null;
      }
      failed.value = false;
      if (!id) return;
      loading.value = true;
      void api.customer(id).then(
        (found) => conversation.value?.customer.id === id && (customer.value = found),
        () => undefined, // the card that came with the conversation is enough
      );
      try {
        const page = await api.conversations({ customer_id: id });
        if (conversation.value?.customer.id !== id) return;
        rows.value = page.items;
      } catch {
        if (conversation.value?.customer.id === id) failed.value = true;
      } finally {
        loading.value = false;
      }
    },
    { immediate: true },
  );

  const older = computed(() => {
    const current = conversation.value;
    if (!current) return [];
    const started = current.startedAt ?? current.events[0]?.at ?? rows.value.find((row) => row.id === current.id)?.started_at;
    return rows.value
      .filter((row) => row.id !== current.id && (!started || !row.started_at || row.started_at < started))
      .sort((a, b) => (b.started_at ?? "").localeCompare(a.started_at ?? ""));
  });

  return { rows, older, customer, failed, loading };
}
