// Rows that do not move under a pointer: while somebody points at a live list, what is new waits at its end, what is
// gone leaves its place behind, and the order is as it was. It moves on when the pointer leaves, rests or a key is hit.
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from "vue";

export interface SteadyRow<T> {
  key: string;
  item: T;
  /** It has left the list; its place is kept and does nothing. */
  gone: boolean;
}

export interface Steady<T> {
  rows: ComputedRef<readonly SteadyRow<T>[]>;
  /** The order shown is not the order that is. */
  behind: ComputedRef<boolean>;
  held: Readonly<Ref<boolean>>;
  /** Shows the present order at once. */
  settle: () => void;
  /** Bind with `v-on` to the element that is pointed at. */
  pointing: { pointermove: (event: PointerEvent) => void; pointerdown: () => void; pointerleave: () => void };
}

const REST_MS = 5000;

export function useSteady<T>(items: () => readonly T[], key: (item: T) => string): Steady<T> {
  const live = computed(() => items().map((item) => ({ key: key(item), item, gone: false })));
  const held = ref(false);
  const kept = shallowRef<readonly SteadyRow<T>[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(live, (now) => (kept.value = held.value ? merged(kept.value, now) : now), { immediate: true, flush: "sync" });

  function settle(): void {
    clearTimeout(timer);
    held.value = false;
    kept.value = live.value;
  }

  function hold(): void {
    held.value = true;
    clearTimeout(timer);
    timer = setTimeout(settle, REST_MS);
  }

  const onKey = (): void => void (held.value && settle());
  window.addEventListener("keydown", onKey);
  onScopeDispose(() => {
    clearTimeout(timer);
    window.removeEventListener("keydown", onKey);
  });

  return {
    rows: computed(() => kept.value),
    behind: computed(() => held.value && (kept.value.length !== live.value.length || kept.value.some((row, at) => row.gone || row.key !== live.value[at]?.key))),
    held,
    settle,
    pointing: { pointermove: (event) => void (event.pointerType !== "touch" && hold()), pointerdown: hold, pointerleave: settle },
  };
}

/** The rows as they stood, each with its present content; what is new follows. */
export function merged<T>(before: readonly SteadyRow<T>[], now: readonly SteadyRow<T>[]): SteadyRow<T>[] {
  const present = new Map(now.map((row) => [row.key, row]));
  const stood = new Set(before.map((row) => row.key));
  return [...before.map((row) => present.get(row.key) ?? { ...row, gone: true }), ...now.filter((row) => !stood.has(row.key))];
}
