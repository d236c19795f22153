// What helps an agent, over the wire: canned replies, words to mind, briefs, what was alike before.
import { search, type Api } from "../api";

export interface Canned {
  id: string;
  is_team: boolean;
  folder: string;
  name: string;
  text: string;
  used: number;
  updated_at: string;
  unknown: string[];
}

export interface ImportReport {
  added: number;
  changed: number;
  unchanged: number;
  faulty: number;
  rows: { row: number; name: string; outcome: "added" | "changed" | "unchanged" | "faulty"; note: string | null }[];
}

export interface Brief {
  summary: string | null;
  first_sentence: string;
  wrap_up: { category: string | null; cause: string | null; tags: string[] };
}

export interface SimilarCase {
  conversation_id: string;
  question: string;
  reply: string | null;
  by: string | null;
  closed_at: string;
  wrap_up: { category?: string; cause?: string; note?: string; tags?: string[] } | null;
  same_customer: boolean;
  confidence: number;
}

export interface SimilarTicket {
  number: string;
  title: string;
  status: string;
  level: string;
  reply: string | null;
  solved_at: string | null;
  confidence: number;
}

export interface MindedWord {
  id: string;
  direction: "out" | "in";
  pattern: "word" | "wechat" | "qq" | "phone" | "card";
  word: string;
  effect: "block" | "warn" | "tell";
  reason: string;
  is_active: boolean;
  hits: number;
}

export class Helper {
  constructor(private readonly api: Api) {}

  canned = (q: string, scope: "all" | "own" | "team" = "all", limit = 50): Promise<{ items: Canned[]; variables: string[] }> =>
    this.api.call("GET", `/canned-replies${search({ q, scope, limit })}`);
  addCanned = (body: object): Promise<Canned> => this.api.call("POST", "/canned-replies", body);
  changeCanned = (id: string, body: object): Promise<Canned> => this.api.call("PATCH", `/canned-replies/${id}`, body);
  removeCanned = (id: string): Promise<void> => this.api.call("DELETE", `/canned-replies/${id}`);
  useCanned = (id: string, conversationId: string): Promise<{ text: string; missing: string[] }> =>
    this.api.call("POST", `/canned-replies/${id}/use`, { conversation_id: conversationId });
  template = (format: "xlsx" | "csv"): Promise<{ file_name: string; content_type: string; content: string }> =>
    this.api.call("GET", `/canned-replies/template${search({ format })}`);
  importCanned = (body: object): Promise<ImportReport> => this.api.call("POST", "/canned-replies/import", body);

  words = (): Promise<{ items: MindedWord[] }> => this.api.call("GET", "/minded-words");
  addWord = (body: object): Promise<MindedWord> => this.api.call("POST", "/minded-words", body);
  changeWord = (id: string, body: object): Promise<MindedWord> => this.api.call("PATCH", `/minded-words/${id}`, body);
  removeWord = (id: string): Promise<void> => this.api.call("DELETE", `/minded-words/${id}`);

  brief = (conversationId: string): Promise<Brief> => this.api.call("GET", `/conversations/${conversationId}/brief`);
  similar = (conversationId: string): Promise<{ conversations: SimilarCase[]; tickets: SimilarTicket[] }> =>
    this.api.call("GET", `/conversations/${conversationId}/similar`);
}

export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** Gives a file to whoever sits in front of the page. */
export function download(name: string, type: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
