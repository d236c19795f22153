/** What the browser keeps for this chat; where storage is forbidden it lasts as long as the page. */

const fallback = new Map<string, string>();

export function recall<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(`yingda.${key}`) ?? fallback.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    const text = fallback.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }
}

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  fallback.set(key, text);
  try {
    localStorage.setItem(`yingda.${key}`, text);
  } catch {
    // Private mode or a full store: the page's own memory has to do.
  }
}

export function forget(...keys: string[]): void {
  for (const key of keys) {
    fallback.delete(key);
    try {
      localStorage.removeItem(`yingda.${key}`);
    } catch {
      // Nothing was kept, nothing is left.
    }
  }
}
