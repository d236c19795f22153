// Runs what somebody asked for and says in words of this page where it failed: for a form one piece of work at a time,
// a second press meanwhile begins nothing; for rows of a list each by itself.
import { ref, type Ref } from "vue";
import { ApiError } from "../api";
import { useHouse } from "../injection";
import type { Key } from "../language/language";

/** Null once it is done, else the code of what was in the way: "busy" where a form was at work and nothing was begun. */
export type Run = (work: () => Promise<unknown>) => Promise<string | null>;
/** Whole sentences for the codes that mean something special here. */
type Meant = Readonly<Record<string, Key>>;

export interface Saving {
  readonly busy: Ref<boolean>;
  /** What went wrong last, as a sentence; empty while it works. */
  readonly trouble: Ref<string>;
  readonly run: Run;
}

/** The code of a request that failed, over HTTP or over the socket. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "unavailable";
}

function useTelling(failed: Key, meant: Meant, tell: (said: string) => void): Run {
  const { language } = useHouse();
  return async (work) => {
    try {
      await work();
      return null;
    } catch (error) {
      const code = codeOf(error);
      const key = meant[code];
      tell(key ? language.t(key) : language.t(failed, { why: language.error(code === "conflict" && error instanceof ApiError ? "changed" : code) }));
      return code;
    }
  };
}

/** For rows: failures are told as toasts. `failed` says {why}. */
export function useAttempt(failed: Key, meant: Meant = {}): Run {
  const { toasts } = useHouse();
  return useTelling(failed, meant, (said) => toasts.show(said, "bad"));
}

/** For a form: failures stand beside it, or are told as toasts where it has no room for them. `failed` says {why}. */
export function useSaving(failed: Key, meant: Meant = {}, told: "here" | "toast" = "here"): Saving {
  const { toasts } = useHouse();
  const busy = ref(false);
  const trouble = ref("");
  const telling = useTelling(failed, meant, (said) => (told === "toast" ? toasts.show(said, "bad") : void (trouble.value = said)));

  async function run(work: () => Promise<unknown>): Promise<string | null> {
    if (busy.value) return "busy";
    busy.value = true;
    trouble.value = "";
    try {
      return await telling(work);
    } finally {
      busy.value = false;
    }
  }

  return { busy, trouble, run };
}
