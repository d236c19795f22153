/** What the browser keeps for this chat; what it refuses to keep lasts as long as the page. */

const unkept = new Map<string, string>();
const nameOf = (key: string) => `yingda.${key}`;

export function recall<T>(key: string): T | undefined {
  try {
    const text = unkept.get(key) ?? localStorage.getItem(nameOf(key));
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(nameOf(key), text);
    unkept.delete(key);
  } catch {
    // Private mode or a full store: the page's own memory has to do.
    unkept.set(key, text);
  }
}

export function forget(...keys: string[]): void {
  for (const key of keys) {
    unkept.delete(key);
    try {
      localStorage.removeItem(nameOf(key));
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
