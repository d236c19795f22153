// The floor as a page watches it: asked for every ten seconds and soon after news; what is done on it, and said of that.
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { read } from "../clocks/state";
import { useHouse } from "../injection";
import type { ClockState, CustomerCard, PromiseNews } from "../wire";
import { Supervision, type AgentNow, type Floor } from "./supervision";

const EVERY_MS = 10_000;
const SOON_MS = 1_000;

export interface FloorView {
  floor: ShallowRef<Floor | null>;
  /** Open promises of everybody, the soonest first. */
  promises: ShallowRef<readonly PromiseNews[]>;
  stale: Ref<boolean>;
  /** What an act is being done to. */
  busy: Ref<string | null>;
  breaches: ComputedRef<number>;
  groupName: (id: string | null) => string;
  agentName: (id: string | null) => string;
  load: () => Promise<void>;
  soon: () => void;
  push: (id: string) => Promise<void>;
  takeOver: (id: string, customer: CustomerCard) => Promise<void>;
  setPresence: (agent: AgentNow, status: "online" | "away" | "offline") => Promise<void>;
}

export function useFloor(): FloorView {
  const { api, clock, colleagues, desk, language, promises: board, toasts } = useHouse();
  const { t } = language;
  const supervision = new Supervision(api, desk);

  const floor = shallowRef<Floor | null>(null);
  const promises = shallowRef<readonly PromiseNews[]>([]);
  const stale = ref(false);
  const busy = ref<string | null>(null);

  let timer: ReturnType<typeof setTimeout> | undefined;
  let loading = false;
  async function load(): Promise<void> {
    clearTimeout(timer);
    if (loading) return;
    loading = true;
    try {
      const [seen, promised] = await Promise.all([supervision.floor(), board.list({ scope: "all", state: "open" }).catch(() => null)]);
      floor.value = seen;
      if (promised) {
        board.keep(promised.items);
        promises.value = promised.items;
      }
      stale.value = false;
    } catch {
      stale.value = true;
    } finally {
      loading = false;
      timer = setTimeout(() => void (document.hidden ? soon(EVERY_MS) : load()), EVERY_MS);
    }
  }
  /** Soon, but not with every word that is said on the floor. */
  function soon(milliseconds = SOON_MS): void {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), milliseconds);
  }
  void load();
  onScopeDispose(() => clearTimeout(timer));
  onScopeDispose(desk.onNews((news) => news.type === "presence" && soon()));
  onScopeDispose(desk.connection.on("summary", () => soon()));
  onScopeDispose(desk.connection.on("promise", () => soon()));
  watch(() => desk.line.items.value, () => soon());

  const late = (clocks: readonly ClockState[]): boolean => clocks.some((one) => read(one, clock.now.value).tone === "red");
  const breaches = computed(() => {
    const seen = floor.value;
    return seen ? seen.groups.flatMap((group) => group.line).filter((one) => late(one.clocks)).length + seen.unanswered.filter((one) => late(one.clocks)).length : 0;
  });

  async function attempt(id: string, act: () => Promise<string>): Promise<void> {
    if (busy.value) return;
    busy.value = id;
    try {
      toasts.show(await act(), "good");
    } catch (error) {
      const { code, details } = error as { code?: string; details?: Record<string, unknown> };
      toasts.show(details?.["capacity"] !== undefined ? t("floor.takeOver.full") : t("floor.failed", { why: language.error(code ?? "unavailable") }), "bad");
    } finally {
      busy.value = null;
      soon();
    }
  }

  return {
    floor,
    promises,
    stale,
    busy,
    breaches,
    groupName: (id) => floor.value?.groups.find((one) => one.id === id)?.name ?? "",
    agentName: (id) => floor.value?.agents.find((one) => one.id === id)?.name ?? (colleagues.name(id) || t("state.human")),
    load,
    soon: () => soon(),
    push: (id) =>
      attempt(id, async () => {
        const seconds = await supervision.push(id);
        return seconds > 0 ? t("floor.push.done", { seconds }) : t("floor.push.capped");
      }),
    takeOver: (id, customer) =>
      attempt(id, async () => {
        await supervision.takeOver(id);
        return t("floor.takeOver.done", { name: language.customer(customer) });
      }),
    setPresence: (agent, status) =>
      attempt(agent.id, async () => {
        await supervision.setPresence(agent.id, status, status === "online", null);
        return t("floor.setDone", { name: agent.name, state: t(`presence.${status}`) });
      }),
  };
}
