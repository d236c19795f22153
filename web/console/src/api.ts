// The JSON routes the console uses; one place that adds the token, tries a refused one again, and reads errors.
import type { ClockState, CustomerCard, State } from "./wire";
import { Refusal } from "@yingda/shared/uploads/refusal";
import { newId } from "@yingda/shared/socket";
import { SignedOut, type Role, type Session } from "./session";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export interface Agent {
  id: string;
  username: string;
  name: string;
  public_name?: string | null;
  staff_number?: string | null;
  roles: Role[];
  capacity: number;
  disabled: boolean;
  groups?: string[];
  status?: "online" | "away" | "offline";
  accepting?: boolean;
}

export type Assignment = "auto" | "offer" | "pick";

export interface Group {
  id: string;
  name: string;
  assignment?: Assignment | null;
  members: (string | { id: string })[];
}

export interface ConversationRow {
  id: string;
  state: State;
  version: number;
  last_seq: number;
  last_note_seq: number;
  customer: CustomerCard;
  last_text: string;
  reason?: string | null;
  started_at?: string | null;
  last_at?: string | null;
  last_by?: string | null;
  emotion?: string | null;
  owner?: string | null; // the agent's id
  page?: { url?: string | null; title?: string | null } | null;
  topic?: string | null;
  soured?: boolean;
  level?: string;
  clocks?: ClockState[];
}

export interface Customer {
  id: string;
  email?: string | null;
  phone?: string | null;
  created_at?: string | null;
}

/** An article at one of its revisions; the history is a list of these. */
export interface Article {
  id: string;
  revision: number;
  origin: string; // "file" or "desk"
  author: string | null;
  at: string;
  question: string;
  variants: string[];
  answer: string;
  category: string | null;
  tags: string[];
  locale: string;
  site: string | null;
  status: string;
  visibility: "public" | "internal";
  audience: string[];
  editions: string[];
  valid_from: string | null;
  valid_to: string | null;
  answer_at: number | null;
  pictures: { name: string; url: string }[];
}

export type Outcome = "article" | "nobodys" | "dismissed";

/** What an editor should look at: an answer called wrong, or a question without one. */
export interface LearningTask {
  id: string;
  kind: "flagged" | "unanswered";
  question: string;
  times: number;
  answer: string;
  article_id: string | null;
  proposed_id: string | null;
  comment: string | null;
  reply: string | null;
  conversation_id: string;
  by: string | null;
  at: string;
  outcome: Outcome | null;
  outcome_id: string | null;
  suggestions: { article_id: string; title: string; confidence: number }[];
}

interface Page<T> {
  items: T[];
  next?: string | null;
}

export type Query = Record<string, string | number | null | undefined>;

export class Api {
  constructor(
    private readonly session: Session,
    private readonly onServerTime: (at: number) => void = () => undefined,
  ) {}

  agents = (query: Query = {}): Promise<Agent[]> => this.all<Agent>("/agents", query);
  groups = (): Promise<Group[]> => this.all<Group>("/groups", {});
  createAgent = (body: object): Promise<Agent> => this.call("POST", "/agents", body);
  changeAgent = (id: string, body: object): Promise<Agent> => this.call("PATCH", `/agents/${id}`, body);
  createGroup = (body: object): Promise<Group> => this.call("POST", "/groups", body);
  changeGroup = (id: string, body: object): Promise<Group> => this.call("PATCH", `/groups/${id}`, body);
  conversations = (query: Query): Promise<Page<ConversationRow>> => this.call("GET", `/conversations${search(query)}`);
  conversation = (id: string): Promise<{ conversation: ConversationRow }> => this.call("GET", `/conversations/${id}`);
  customer = (id: string): Promise<Customer> => this.call("GET", `/customers/${id}`);
  articles = (query: Query): Promise<Page<Article>> => this.call("GET", `/articles${search(query)}`);
  article = (id: string): Promise<Article> => this.call("GET", `/articles/${encodeURIComponent(id)}`);
  changeArticle = (id: string, body: object): Promise<Article> => this.call("PATCH", `/articles/${encodeURIComponent(id)}`, body);
  articleHistory = (id: string): Promise<Page<Article>> => this.call("GET", `/articles/${encodeURIComponent(id)}/history`);
  flagAnswer = (conversationId: string, seq: number, body: object): Promise<unknown> => this.call("POST", `/conversations/${conversationId}/events/${seq}/flag`, body);
  learningTasks = (query: Query): Promise<Page<LearningTask> & { waiting: number }> => this.call("GET", `/learning/tasks${search(query)}`);
  learningTask = (id: string): Promise<LearningTask> => this.call("GET", `/learning/tasks/${id}`);
  resolveTask = (id: string, body: object): Promise<LearningTask> => this.call("POST", `/learning/tasks/${id}/resolve`, body);

  private async all<T>(path: string, query: Query): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null | undefined = null;
    do {
      const page: Page<T> = await this.call("GET", `${path}${search({ ...query, cursor })}`);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor);
    return items;
  }

  /** One request; areas with calls of their own build on it. */
  async call<T>(method: string, path: string, body?: object, milliseconds = 15_000): Promise<T> {
    // A storing request that has to be sent again is sent under the same key, so it stores once.
    const key = method === "GET" ? null : newId();
    let answer = await this.send(method, path, body, key, await this.session.accessToken(), milliseconds);
    if (answer.status === 401) answer = await this.send(method, path, body, key, await this.session.renew(), milliseconds);
    const date = answer.headers.get("Date");
    if (date) this.onServerTime(Date.parse(date));
    if (answer.status === 204) return undefined as T;
    const value = (await answer.json().catch(() => null)) as { error?: { code: string; message: string; details?: Record<string, unknown> } } | null;
    if (!answer.ok) throw new ApiError(answer.status, value?.error?.code ?? "unavailable", value?.error?.message ?? "", value?.error?.details);
    return value as T;
  }

  /** Sends one file as a form. */
  async upload<T>(path: string, file: Blob, name: string, onProgress: (share: number) => void = () => undefined): Promise<T> {
    const { post } = await import("@yingda/shared/uploads/posting");
    const given = { path, blob: file, name, clientId: newId(), signal: new AbortController().signal, onProgress };
    const failed = (error: unknown): never => {
      const { code, status, details } = error instanceof Refusal ? error : new Refusal("unavailable", 0);
      throw new ApiError(status, code === "offline" ? "unavailable" : code, "", details);
    };
    return (await post({ ...given, token: await this.session.accessToken() }).catch(async (error: unknown) => {
      if (!(error instanceof Refusal) || error.status !== 401) return failed(error);
      return post({ ...given, token: await this.session.renew() }).catch(failed);
    })) as unknown as T;
  }

  /** Saves what a route answers as a file, under the name that it gives. */
  async save(path: string): Promise<void> {
    let answer = await this.send("GET", path, undefined, null, await this.session.accessToken(), 120_000);
    if (answer.status === 401) answer = await this.send("GET", path, undefined, null, await this.session.renew(), 120_000);
    if (!answer.ok) throw new ApiError(answer.status, "unavailable", "");
    const name = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name ? decodeURIComponent(name) : "yingda.xlsx";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  private async send(method: string, path: string, body: object | undefined, key: string | null, token: string, milliseconds = 15_000): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    if (body) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    try {
      return await fetch(`/api/v1${path}`, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        signal: AbortSignal.timeout(milliseconds),
      });
    } catch (error) {
      if (error instanceof SignedOut) throw error;
      throw new ApiError(0, "unavailable", "");
    }
  }
}

export function search(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== "") params.set(name, String(value));
  const text = params.toString();
  return text ? `?${text}` : "";
}
