// The editors' desk over HTTP: what it says and how it is asked; holds no state.
import type { Translate } from "../language/language";
import { search, type Api, type Article, type Query } from "../api";

export interface Picture {
  name: string;
  url: string;
}

/** The fields of an article, finished or not. */
export interface Content {
  question: string;
  variants: string[];
  answer: string;
  category: string | null;
  tags: string[];
  locale: string;
  site: string | null;
  visibility: "public" | "internal";
  audience: string[];
  editions: string[];
  valid_from: string | null;
  valid_to: string | null;
  answer_at: number | null;
  pictures: Picture[];
}

export interface Row {
  id: string;
  revision: number;
  question: string;
  variants: number;
  category: string | null;
  tags: string[];
  locale: string;
  site: string | null;
  status: "draft" | "review" | "published" | "archived";
  visibility: "public" | "internal";
  audience: string[];
  editions: string[];
  origin: "file" | "desk";
  valid_to: string | null;
  author: string | null;
  at: string;
  draft: { state: "draft" | "review"; author: string; at: string } | null;
  flags: number;
  stale: string[];
}

export interface Facets {
  categories: string[];
  tags: string[];
  audiences: string[];
  editions: string[];
  locales: string[];
  sites: string[];
  reviews: number;
  drafts: number;
  flagged: number;
  second_reviewer: boolean;
}

export interface Draft {
  article_id: string;
  version: number;
  base_revision: number;
  current_revision: number;
  state: "draft" | "review";
  content: Content;
  task_ids: string[];
  author: string;
  updated_at: string;
  may_publish: boolean;
}

/** Everything about one article. */
export interface Whole {
  row: Row;
  article: Article | null;
  draft: Draft | null;
}

export interface Step {
  step: "submitted" | "returned" | "published" | "discarded" | "archived" | "confirmed";
  revision: number | null;
  comment: string | null;
  by: string;
  at: string;
}

export interface FieldChange {
  name: string;
  pieces: { op: "same" | "gone" | "new"; text: string }[];
}

export interface Neighbour {
  id: string;
  question: string;
  category: string | null;
  visibility: string;
  chance: number;
  matched_text: string;
}

export interface Trial {
  question: string;
  site: string | null;
  audience: string | null;
  edition: string | null;
  locale: string | null;
}

export interface TrialResult {
  decision: "answer" | "clarify" | "handoff" | "smalltalk";
  reason: string;
  text: string;
  confidence: number;
  article_id: string | null;
  options: string[];
  candidates: { id: string; question: string; chance: number; needs: number; score: number; lexical: number; rank_score: number; matched_text: string }[];
  answer_at: number;
  offer_at: number;
  emotion: string;
  urgency: string;
  wants_human: boolean;
  reworded: string;
  index_version: number;
  elapsed_ms: number;
}

export interface ImportEntry {
  kind: "added" | "changed" | "removed" | "unchanged" | "conflicting" | "faulty";
  id: string | null;
  question: string | null;
  file: string | null;
  line: number | null;
  message: string;
  fields: FieldChange[];
}

export interface ImportPreview {
  id: string;
  counts: Record<ImportEntry["kind"], number>;
  entries: ImportEntry[];
}

export interface Release {
  id: string;
  name: string;
  note: string | null;
  released_at: string;
  site: string | null;
  editions: string[];
  categories: string[];
  author: string;
  articles: number;
  stale: number;
}

export type RunKind = "reindex" | "replay" | "evaluation" | "try";

export interface Run<R = Record<string, unknown>> {
  id: string;
  kind: RunKind;
  state: "waiting" | "running" | "done" | "refused" | "failed" | "stopped";
  doing: string | null;
  done: number | null;
  total: number | null;
  error: string | null;
  by: string;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  has_report: boolean;
  parameters: Record<string, unknown>;
  result: R | null;
}

export interface ReplaySide {
  decision: string;
  confidence: number;
  article_id: string | null;
  title: string | null;
  text: string;
  options: string[];
}

export interface Replay {
  summary: { asked: number; distinct: number; changes: number; better: number; worse: number; look: number; reworded: number; days: number; before: string; after: string };
  changes: {
    verdict: "better" | "worse" | "look";
    question: string | null;
    times: number;
    previous: string | null;
    known: { right: string | null; nobodys: boolean; wrong: string[] } | null;
    before: ReplaySide;
    after: ReplaySide;
  }[];
}

export interface GateSummary {
  refused: boolean;
  compared: number;
  right?: { before: number; after: number };
  wrong?: { before: number; after: number };
  worse?: number;
  better?: number;
}

export interface Reindex {
  summary: { counts: Record<ImportEntry["kind"], number>; version: number | null; built: boolean; dry_run: boolean; refused: boolean; gate: GateSummary | null };
  entries: ImportEntry[];
  gate: { worse?: GateCase[]; better?: GateCase[] } | null;
}

export interface GateCase {
  text: string | null;
  expected: string | null;
  before: { fate: string; given: string | null; confidence: number };
  after: { fate: string; given: string | null; confidence: number };
}

export interface Evaluation {
  summary: Record<string, number | null>;
  thresholds: { answer_at: number; in_scope: number; out_of_scope: number; right: number; wrong: number; answered_share: number; precision: number | null }[];
}

export interface Version {
  version: number;
  serving: boolean;
  articles: number;
  texts: number;
  encoder: string;
  learnt: boolean;
  tuned: boolean;
  note: string | null;
  created_at: string;
}

export interface IndexState {
  version: number | null;
  building: boolean;
  failed: string | null;
  doing: string | null;
  done: number;
  total: number;
}

export const EMPTY: Content = {
  question: "",
  variants: [],
  answer: "",
  category: null,
  tags: [],
  locale: "zh-CN",
  site: null,
  visibility: "public",
  audience: [],
  editions: [],
  valid_from: null,
  valid_to: null,
  answer_at: null,
  pictures: [],
};

/** What an editor begins to change. */
export function contentOf(article: Article): Content {
  const { question, variants, answer, category, tags, locale, site, visibility, audience, editions, valid_from, valid_to, answer_at, pictures } = article;
  return structuredClone({ question, variants, answer, category, tags, locale, site, visibility, audience, editions, valid_from, valid_to, answer_at, pictures });
}

/** Who changed an article, where it was no person: how operators' commands sign, in words. */
export function authorName(author: string | null, t: Translate): string {
  if (!author) return "";
  if (/^(first start|start|server)$/.test(author)) return t("kb.author.first");
  const command = /^(?:reindex|rollback) \((.+)\)$/.exec(author);
  return command ? t("kb.author.command", { name: command[1]! }) : author;
}

/** The answer as customers will see it: pictures by their address on the server. */
export function withPictures(text: string, pictures: readonly Picture[]): string {
  return pictures.reduce((shown, { name, url }) => shown.replaceAll(`](${name})`, `](${url})`), text);
}

export class KnowledgeDesk {
  constructor(private readonly api: Api) {}

  list = (query: Query): Promise<{ items: Row[]; total: number }> => this.api.call("GET", `/knowledge/articles${search(query)}`);
  whole = (id: string): Promise<Whole> => this.api.call("GET", `/knowledge/articles/${encodeURIComponent(id)}`);
  facets = (): Promise<Facets> => this.api.call("GET", "/knowledge/facets");
  uses = (): Promise<{ days: number; answers: Record<string, number> }> => this.api.call("GET", "/knowledge/uses");
  index = (): Promise<{ index: IndexState }> => this.api.call("GET", "/articles?limit=1");
  drafts = (): Promise<{ items: Draft[]; second_reviewer: boolean }> => this.api.call("GET", "/knowledge/drafts");
  create = (content: Content, id: string | null): Promise<Draft> => this.api.call("POST", "/knowledge/drafts", { content, id });
  draft = (id: string): Promise<Draft> => this.api.call("GET", `${one(id)}/draft`);
  save = (id: string, body: { version: number; base_revision: number; content: Content }): Promise<Draft> => this.api.call("PUT", `${one(id)}/draft`, body);
  discard = (id: string, version: number): Promise<void> => this.api.call("DELETE", `${one(id)}/draft?version=${version}`);
  submit = (id: string, version: number, comment: string): Promise<Draft> => this.api.call("POST", `${one(id)}/draft/submit`, { version, comment });
  giveBack = (id: string, version: number, comment: string): Promise<Draft> => this.api.call("POST", `${one(id)}/draft/return`, { version, comment });
  publish = (id: string, version: number, comment: string, over: number | null): Promise<Article> => this.api.call("POST", `${one(id)}/draft/publish`, { version, comment, over });
  confirm = (id: string): Promise<void> => this.api.call("POST", `${one(id)}/confirm`);
  archive = (id: string, revision: number, status: "archived" | "published"): Promise<Article> => this.api.call("PATCH", one(id), { revision, status });
  steps = (id: string): Promise<{ items: Step[] }> => this.api.call("GET", `${one(id)}/steps`);
  compare = (id: string, before: string, after: string): Promise<{ fields: FieldChange[] }> => this.api.call("GET", `${one(id)}/compare${search({ before, after })}`);
  nearest = (q: string, without: string | null): Promise<{ items: Neighbour[] }> => this.api.call("GET", `/knowledge/nearest${search({ q: q.slice(0, 500), without })}`);
  attempt = (trial: Trial): Promise<TrialResult> => this.api.call("POST", "/knowledge/try", trial);
  picture = async (file: File): Promise<Picture> => this.api.call("POST", "/knowledge/pictures", { file_name: file.name.slice(-200) || "picture", content: await base64(file) });
  video = (file: File, onProgress: (share: number) => void): Promise<Picture> => this.api.upload("/knowledge/videos", file, file.name.slice(-200), onProgress);
  preview = (file: File, onProgress: (share: number) => void): Promise<ImportPreview> => this.api.upload("/knowledge/imports", file, file.name.slice(-200), onProgress);
  apply = (id: string, take: string[]): Promise<{ stored: number; drafts: number }> => this.api.call("POST", `/knowledge/imports/${id}/apply`, { take });
  export = (format: "markdown" | "xlsx"): Promise<void> => this.api.save(`/knowledge/export?format=${format}`);
  releases = (): Promise<{ items: Release[] }> => this.api.call("GET", "/knowledge/releases");
  addRelease = (body: object): Promise<Release> => this.api.call("POST", "/knowledge/releases", body);
  removeRelease = (id: string): Promise<void> => this.api.call("DELETE", `/knowledge/releases/${id}`);
  start = <R>(body: object): Promise<Run<R>> => this.api.call("POST", "/knowledge/runs", body);
  run = <R>(id: string): Promise<Run<R>> => this.api.call("GET", `/knowledge/runs/${id}`);
  runs = <R>(kind: RunKind): Promise<{ items: Run<R>[] }> => this.api.call("GET", `/knowledge/runs?kind=${kind}`);
  stop = (id: string): Promise<void> => this.api.call("POST", `/knowledge/runs/${id}/stop`);
  report = (id: string): Promise<{ html: string }> => this.api.call("GET", `/knowledge/runs/${id}/report`);
  versions = (): Promise<{ items: Version[] }> => this.api.call("GET", "/knowledge/versions");
  serve = (version: number): Promise<{ version: number }> => this.api.call("POST", `/knowledge/versions/${version}/serve`);
}

const one = (id: string): string => `/articles/${encodeURIComponent(id)}`;

async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

