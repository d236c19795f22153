// @ in a note: what is being typed after it, whom it may mean, and how a written one is told from other text; pure.
export interface Mentioned {
  id: string;
  name: string;
}

export interface Piece {
  text: string;
  id: string | null; // of whoever is mentioned here
}

/** The word after the last @ before the caret, when somebody is just being mentioned; an address of mail is none. */
export function askedAt(text: string, caret: number): { from: number; asked: string } | null {
  const match = /(?:^|[^\w.@＠-])[@＠]([^\s@＠]{0,20})$/u.exec(text.slice(0, caret));
  return match ? { from: caret - match[1]!.length - 1, asked: match[1]! } : null;
}

/** Those whose name begins with the word, then those who have it inside. */
export function matching<T extends { name: string; sound?: string }>(people: readonly T[], asked: string): T[] {
  const word = asked.toLowerCase();
  if (!word) return [...people];
  const place = (one: T): number => (one.name.toLowerCase().startsWith(word) || one.sound?.startsWith(word) ? 0 : one.name.toLowerCase().includes(word) ? 1 : 2);
  return people.filter((one) => place(one) < 2).sort((a, b) => place(a) - place(b));
}

/** Of those who were picked from the list: who is still mentioned in the text. */
export function stillMeant(text: string, picked: readonly Mentioned[]): string[] {
  return [...new Set(picked.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id))];
}

/** The text with the mentions apart from what stands between them; the longest name wins. */
export function piecesOf(text: string, mentioned: readonly Mentioned[]): Piece[] {
  const known = mentioned.filter((one) => one.name).sort((a, b) => b.name.length - a.name.length);
  const pieces: Piece[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const one = text[at] === "@" ? known.find(({ name }) => text.startsWith(name, at + 1)) : undefined;
    if (!one) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) pieces.push({ text: plain, id: null });
    plain = "";
    pieces.push({ text: `@${one.name}`, id: one.id });
    at += one.name.length + 1;
  }
  if (plain) pieces.push({ text: plain, id: null });
  return pieces;
}
