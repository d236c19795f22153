/** Which rows of a long thread stand on the page: its end, and more above as the reader goes up. Pure. */

/** So many rows at once; more make every change slow. */
export const STRETCH = 80;

/**
 * Where the shown rows begin. `first` is the key of the row shown first until now; at the end of the thread the
 * beginning moves along, so that a long talk does not grow without bounds.
 */
export function beginningOf(keys: readonly string[], first: string | undefined, atEnd: boolean): number {
  const least = Math.max(0, keys.length - STRETCH);
  const known = first === undefined ? -1 : keys.indexOf(first);
  if (known < 0) return least;
  return atEnd && keys.length - known > 2 * STRETCH ? least : known;
}

/** The beginning after the reader asked for more, or for the row at `wanted`. */
export function stretched(beginning: number, wanted = beginning - STRETCH): number {
  return Math.max(0, Math.min(beginning, wanted));
}
