/** What the browser keeps for this chat; what it refuses to keep lasts as long as the page. */

const unkept = new Map<string, string>();
let elsewhere: ((kept: string) => void) | undefined;
let store: () => Storage = () => localStorage;
const nameOf = (key: string) => `yingda.${key}`;

/** A phone that was opened by a code is a guest in somebody's chat: its own chat stays as it is. */
export function keepForThisTab(): void {
  store = () => sessionStorage;
}

/** Whether this browser lets a page in a frame keep anything: with foreign cookies blocked it may not. */
export function canKeep(): boolean {
  try {
    localStorage.setItem(nameOf("tried"), "1");
    localStorage.removeItem(nameOf("tried"));
    return true;
  } catch {
    return false;
  }
}

/** Where the browser refuses, the embedding page keeps it: `kept` is what it was given last. */
export function keepElsewhere(keeper: (kept: string) => void, kept: string | null | undefined): void {
  elsewhere = keeper;
  for (const [key, text] of JSON.parse(kept ?? "[]") as [string, string][]) unkept.set(key, text);
}

const tellElsewhere = (): void => elsewhere?.(JSON.stringify([...unkept]));

export function recall<T>(key: string): T | undefined {
  try {
    const text = unkept.get(key) ?? store().getItem(nameOf(key));
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    store().setItem(nameOf(key), text);
    unkept.delete(key);
  } catch {
    // Private mode or a full store: the page's own memory has to do.
    unkept.set(key, text);
    tellElsewhere();
  }
}

export function forget(...keys: string[]): void {
  for (const key of keys) {
    if (unkept.delete(key)) tellElsewhere();
    try {
      store().removeItem(nameOf(key));
    } catch {
      // Nothing was kept, nothing is left.
    }
  }
}

/** Hears when another tab of this browser has changed what is kept under the key. */
export function onElsewhere(key: string, listener: () => void): void {
  if (typeof addEventListener !== "function") return;
  addEventListener("storage", (event) => {
    if (event.key === nameOf(key)) listener();
  });
}
