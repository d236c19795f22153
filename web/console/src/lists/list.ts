// A list as every page has it: fetched in pages, narrowed down by the address, fresh while it is looked at. It keeps no
// answer that came too late, and shows an old list rather than none when the server does not answer.
import { computed, onScopeDispose, reactive, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { useHouse } from "../injection";
import type { PageName } from "../route";

export interface Paged<T> {
  items: readonly T[];
  next?: string | null | undefined;
}

/** Filters are plain texts, so that an address can hold them; "" asks for nothing in particular. */
export type Filters = Record<string, string>;

export interface ListOptions<T, F extends Filters> {
  /** The page whose address holds the filters; without one they live with the component. */
  page?: PageName;
  /** As they stand where nobody chose. */
  filters: F;
  fetch: (filters: F, cursor: string | null) => Promise<Paged<T>>;
  key: (item: T) => string;
  /** Asked again this often, while the page is looked at; 0 for never. */
  refreshSeconds?: number;
}

export interface List<T, F extends Filters = Filters> {
  readonly filters: F;
  readonly items: ShallowRef<readonly T[]>;
  readonly hasMore: ComputedRef<boolean>;
  readonly loading: Ref<boolean>;
  /** Nothing is known yet: the place for a skeleton. */
  readonly pending: ComputedRef<boolean>;
  readonly failed: Ref<boolean>;
  readonly narrowed: ComputedRef<boolean>;
  readonly key: (item: T) => string;
  load: () => Promise<void>;
  more: () => Promise<void>;
  /** Asks again in a moment; any number of calls until then ask once. */
  soon: (milliseconds?: number) => void;
  replace: (item: T) => void;
  remove: (key: string) => void;
  reset: () => void;
}

/** Pages that a refresh fetches again at most; who scrolled further keeps what is below. */
const PAGES_REFRESHED = 4;
const TYPING_MS = 280;

export function useList<T, F extends Filters>(options: ListOptions<T, F>): List<T, F> {
  const { route } = useHouse();
  const { page, key } = options;
  const filters = reactive({ ...options.filters, ...(page ? chosen(options.filters, route.at.query) : {}) }) as F;
  const items = shallowRef<readonly T[]>([]);
  const next = ref<string | null>(null);
  const loading = ref(false);
  const failed = ref(false);
  const known = ref(false);
  let pages = 1;
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(collect: () => Promise<{ items: readonly T[]; next: string | null }>): Promise<void> {
    const mine = (turn += 1);
    loading.value = true;
    try {
      const found = await collect();
      if (mine !== turn) return;
      items.value = found.items;
      next.value = found.next;
      failed.value = false;
      known.value = true;
    } catch {
      if (mine === turn) failed.value = true;
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  const load = (): Promise<void> =>
    ask(async () => {
      const wanted = Math.min(pages, PAGES_REFRESHED);
      const found: T[] = [];
      let cursor: string | null = null;
      for (let at = 0; at < wanted; at += 1) {
        const one: Paged<T> = await options.fetch({ ...filters }, cursor);
        found.push(...one.items);
        cursor = one.next ?? null;
        if (!cursor) break;
      }
      return { items: unique(found, key), next: cursor };
    });

  const more = (): Promise<void> =>
    next.value === null || loading.value
      ? Promise.resolve()
      : ask(async () => {
          const one = await options.fetch({ ...filters }, next.value);
          pages += 1;
          return { items: unique([...items.value, ...one.items], key), next: one.next ?? null };
        });

  function soon(milliseconds = 400): void {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), milliseconds);
  }

  function anew(): void {
    pages = 1;
    known.value = false;
    if (page && route.at.page === page) route.narrow(different(filters, options.filters));
    soon(TYPING_MS);
  }
  watch(filters, anew);

  if (page)
    watch(
      () => route.at.query,
      (query) => {
        if (route.at.page !== page) return;
        const wanted = { ...options.filters, ...chosen(options.filters, query) };
        if (same(filters, wanted)) return;
        // A link to one of the list's things leaves the list as it is.
        if (route.at.id && Object.keys(query).length === 0) route.narrow(different(filters, options.filters));
        else Object.assign(filters, wanted);
      },
    );

  if (options.refreshSeconds) {
    const again = setInterval(() => void (!document.hidden && !loading.value && load()), options.refreshSeconds * 1000);
    onScopeDispose(() => clearInterval(again));
  }
  onScopeDispose(() => clearTimeout(timer));
  void load();

  return {
    filters,
    items,
    hasMore: computed(() => next.value !== null),
    loading,
    pending: computed(() => !known.value && !failed.value),
    failed,
    narrowed: computed(() => !same(filters, options.filters)),
    key,
    load,
    more,
    soon,
    replace: (item) => (items.value = items.value.map((one) => (key(one) === key(item) ? item : one))),
    remove: (gone) => (items.value = items.value.filter((one) => key(one) !== gone)),
    reset: () => Object.assign(filters, options.filters),
  };
}

function chosen(defaults: Filters, query: Readonly<Record<string, string>>): Filters {
  return Object.fromEntries(Object.keys(defaults).flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])));
}

function different(filters: Filters, defaults: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([name, value]) => value !== defaults[name]));
}

function same(one: Filters, other: Filters): boolean {
  return Object.keys(other).every((name) => one[name] === other[name]);
}

function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Map(items.map((item) => [key(item), item]));
  return [...seen.values()];
}
