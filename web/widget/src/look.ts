/** What the server wrote into this page about its site, and the words of the chat with the site's own names in them. */

import type { Words } from "./words/words.ts";

interface Look {
  assistant?: string;
  theme?: string;
  name?: Partial<Record<string, string>>;
}

function read(): Look {
  const written = document.querySelector<HTMLMetaElement>('meta[name="yingda-site"]')?.content;
  return written ? (JSON.parse(written) as Look) : {};
}

export const look = read();

/** The words as they are where the site has no names of its own. */
export function called(words: Words, { assistant, name } = look): Words {
  const renamed = assistant && assistant !== words.botName ? (replaced(words, words.botName, assistant) as Words) : words;
  return { ...renamed, title: name?.[words.tag] || renamed.title };
}

function replaced(value: unknown, from: string, to: string): unknown {
  if (typeof value === "string") return value.replaceAll(from, to);
  if (typeof value === "function") return (...given: unknown[]) => replaced((value as (...given: unknown[]) => unknown)(...given), from, to);
  if (Array.isArray(value)) return value.map((one) => replaced(one, from, to));
  if (value instanceof Object) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner, from, to)]));
  return value;
}
