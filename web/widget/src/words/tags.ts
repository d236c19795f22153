/** Which of our languages a locale means; small, because the loader on the embedding page carries it too. */

export type Tag = "zh-CN" | "zh-TW" | "en" | "ja" | "es";

/**
 * The first locale that names one of our languages, e.g. `zh-Hant-HK` means zh-TW. Where locales were named and we
 * have none of them it is English; where none was named, Chinese.
 */
export function tagOf(...locales: (string | null | undefined)[]): Tag {
  let named = false;
  for (const locale of locales) {
    const tag = locale?.trim().replace(/_/g, "-").toLowerCase();
    if (!tag) continue;
    named = true;
    if (/^zh\b/.test(tag)) return /^zh-(tw|hk|mo|hant)\b/.test(tag) ? "zh-TW" : "zh-CN";
    const found = (["en", "ja", "es"] as const).find((one) => tag === one || tag.startsWith(`${one}-`));
    if (found) return found;
  }
  return named ? "en" : "zh-CN";
}
