// One article being written: what the editor has, what was saved, what somebody else saved meanwhile. What is not
// saved yet is kept in this browser, so that no reload, crash or wrong click loses a word.
import { computed, onScopeDispose, reactive, ref, watch, type ComputedRef, type Ref } from "vue";
import { ApiError, type Article } from "../api";
import { EMPTY, contentOf, type Content, type Draft, type KnowledgeDesk } from "./desk";

/** Somebody else's text that came in between. */
export interface Rival {
  version: number;
  base_revision: number;
  author: string;
  content: Content;
}

interface Kept {
  content: Content;
  version: number;
  base_revision: number;
}

export interface Editing {
  readonly content: Content;
  readonly draft: Ref<Draft | null>;
  readonly dirty: ComputedRef<boolean>;
  /** Text of an earlier visit was put back. */
  readonly restored: Ref<boolean>;
  readonly rival: Ref<Rival | null>;
  /** Saves; the draft's version, null where somebody else's text came in between. Raises `ApiError`. */
  save: (id: string | null) => Promise<Draft | null>;
  /** After a conflict: goes on with one's own text over the other's, or with the other's. */
  settle: (mine: boolean) => void;
  /** Drops what is not saved. */
  reset: () => void;
  /** Takes up a content, as from an earlier revision. */
  take: (content: Content) => void;
  /** Published or discarded: nothing is kept any more. */
  forget: () => void;
}

const PREFIX = "yingda.console.article.";
const KEEP_MS = 400;

export function useEditing(desk: KnowledgeDesk, storage: Storage, name: string, article: Article | null, draft: Draft | null): Editing {
  const key = PREFIX + name;
  const current = ref<Draft | null>(draft);
  const saved = ref(text(draft?.content ?? (article ? contentOf(article) : EMPTY)));
  let version = draft?.version ?? 0;
  let base = draft?.base_revision ?? article?.revision ?? 0;
  const kept = read(storage, key);
  const restored = ref(kept !== null && text(kept.content) !== saved.value);
  if (restored.value && kept) ({ version, base_revision: base } = kept);
  const content = reactive<Content>(JSON.parse(restored.value && kept ? text(kept.content) : saved.value) as Content);
  const rival = ref<Rival | null>(null);
  const dirty = computed(() => text(content) !== saved.value);

  function keep(): void {
    if (dirty.value) storage.setItem(key, JSON.stringify({ content, version, base_revision: base } satisfies Kept));
    else storage.removeItem(key);
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = watch(content, () => {
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_MS);
  });
  const leaving = (): void => keep();
  window.addEventListener("pagehide", leaving);
  let forgotten = false;
  onScopeDispose(() => {
    clearTimeout(timer);
    window.removeEventListener("pagehide", leaving);
    if (!forgotten) keep();
  });

  function take(next: Content): void {
    Object.assign(content, structuredClone(next));
  }

  async function save(id: string | null): Promise<Draft | null> {
    const sent = JSON.parse(text(content)) as Content;
    try {
      const answer = current.value || article ? await desk.save(current.value?.article_id ?? article!.id, { version, base_revision: base, content: sent }) : await desk.create(sent, id);
      current.value = answer;
      ({ version, base_revision: base } = answer);
      // What was typed while it was under way stays unsaved.
      const typed = text(content) !== text(sent);
      saved.value = text(answer.content);
      if (!typed) take(answer.content);
      restored.value = false;
      keep();
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "conflict" || error.details["reason"] !== "draft_changed") throw error;
      rival.value = error.details as unknown as Rival;
      return null;
    }
  }

  function settle(mine: boolean): void {
    const other = rival.value;
    if (!other) return;
    ({ version, base_revision: base } = other);
    saved.value = text(other.content);
    if (!mine) take(other.content);
    rival.value = null;
    keep();
  }

  return {
    content,
    draft: current,
    dirty,
    restored,
    rival,
    save,
    settle,
    take,
    reset() {
      take(JSON.parse(saved.value) as Content);
      version = current.value?.version ?? 0;
      base = current.value?.base_revision ?? article?.revision ?? 0;
      restored.value = false;
      storage.removeItem(key);
    },
    forget() {
      forgotten = true;
      stop();
      clearTimeout(timer);
      storage.removeItem(key);
    },
  };
}

const FIELDS = Object.keys(EMPTY) as (keyof Content)[];

/** Two contents that say the same are the same text. */
function text(content: Content): string {
  return JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, name === "valid_from" || name === "valid_to" ? moment(content[name]) : content[name]])));
}

function moment(at: string | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function read(storage: Storage, key: string): Kept | null {
  try {
    const value = JSON.parse(storage.getItem(key) ?? "null") as Kept | null;
    return value && typeof value.version === "number" && typeof value.content === "object" ? { ...value, content: { ...structuredClone(EMPTY), ...value.content } } : null;
  } catch {
    return null;
  }
}
