/** The names of files whose way was cut off by a reload, for this tab alone: the browser gives no file back, so we say so. */

export interface Unfinished {
  readonly name: string;
  readonly bytes: number;
}

export interface Kept {
  get: () => readonly Unfinished[];
  set: (under: readonly Unfinished[]) => void;
}

/** Kept under this key of the tab; where the browser keeps nothing, nothing is said. */
export function inThisTab(key: string): Kept {
  return {
    get() {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? "[]") as Unfinished[];
      } catch {
        return [];
      }
    },
    set(under) {
      try {
        if (under.length > 0) sessionStorage.setItem(key, JSON.stringify(under));
        else sessionStorage.removeItem(key);
      } catch {
        // Nothing is kept, nothing can be said.
      }
    },
  };
}
