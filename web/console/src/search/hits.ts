// Searching over the wire, and a found piece of text cut where it is to be marked.
import { search as asQuery, type Api } from "../api";
import type { CustomerCard } from "../wire";

export type Kind = "message" | "ticket" | "article";

export interface Hit {
  kind: Kind;
  id: string; // the conversation's, the ticket's number or the article's id
  title?: string;
  excerpt: string;
  marks: [number, number][]; // in characters, not in UTF-16 units
  at: string;
  state: string;
  customer?: CustomerCard | null;
  seq?: number | null;
  note_seq?: number | null;
}

export interface HitPage {
  items: Hit[];
  next?: string | null;
}

export type Listed = "messages" | "tickets" | "articles";

/** Conversations that began before `archived_until` and have ended are in the archive, where nothing is searched. */
export type Answer = Record<Listed, HitPage> & { archived_until?: string | null };

export function search(api: Api, query: { q: string; kind?: Kind; cursor?: string | null; limit?: number }): Promise<Answer> {
  return api.call<Answer>("GET", `/search${asQuery(query)}`);
}

export interface Piece {
  text: string;
  marked: boolean;
}

/** A bot's answer is Markdown: its bold marks are nothing to read. */
const plain = (characters: readonly string[]): string => characters.join("").replaceAll("**", "");

export function pieces(hit: Hit): Piece[] {
  const characters = [...hit.excerpt];
  const cut: Piece[] = [];
  let at = 0;
  for (const [start, end] of hit.marks) {
    if (start < at) continue;
    if (start > at) cut.push({ text: plain(characters.slice(at, start)), marked: false });
    cut.push({ text: plain(characters.slice(start, end)), marked: true });
    at = end;
  }
  if (at < characters.length) cut.push({ text: plain(characters.slice(at)), marked: false });
  return cut;
}
