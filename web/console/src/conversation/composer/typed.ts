// What a text before the caret asks for, and how what was chosen gets into it; pure.

/** The canned replies that are looked for: a “/” at the very start and what follows it; null where there is none. */
export function cannedAsked(text: string): string | null {
  return /^[/／][^\n]{0,40}$/u.test(text) ? text.slice(1) : null;
}

/** A text with words in place of what stands from ``from`` to the caret, and where the caret stands then. */
export function replaced(text: string, from: number, caret: number, words: string): { text: string; caret: number } {
  return { text: text.slice(0, from) + words + text.slice(caret), caret: from + words.length };
}
