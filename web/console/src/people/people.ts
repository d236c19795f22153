// Customers, companies, notes, blocks and tasks over the wire.
import { search, type Api, type Query } from "../api";

export interface Customer {
  id: string;
  external_id: string | null;
  name: string | null;
  email: string | null;
  phone: string | null;
  tier: string;
  signed_tier: string;
  company: { id: string; external_id: string | null; name: string } | null;
  tags: string[];
  edition: string | null;
  product_version: string | null;
  version: number;
  blocked_until: string | null;
  created_at: string;
  seen_at: string;
}

export interface Company {
  id: string;
  external_id: string | null;
  name: string;
  success_manager: string | null;
  main_contact: string | null;
  tier: string | null;
  edition: string | null;
  product_version: string | null;
  hosting: "cloud" | "private" | null;
  contract_start: string | null;
  contract_end: string | null;
  go_live_at: string | null;
  tags: string[];
  version: number;
  contacts: number;
}

export interface ProfileNote {
  id: string;
  text: string;
  actor_id: string;
  actor_name: string;
  at: string;
}

/** What the page around the chat tells of a customer: attributes as it said them last, the newest steps first. */
export interface Trail {
  attributes: Record<string, string | number | boolean | null>;
  attributes_at: string | null;
  items: { at: string; site: string; name: string; properties: Record<string, string | number | boolean | null>; url: string | null }[];
}

export interface Block {
  id: string;
  customer_id: string;
  conversation_id: string | null;
  reason: string;
  hours: number;
  state: "proposed" | "approved" | "refused" | "lifted";
  proposed_by: string;
  proposed_at: string;
  decided_by: string | null;
  ends_at: string | null;
}

export type TaskKind = "follow_up" | "visit" | "call_back" | "other";
export const OUTCOMES = ["reached", "not_reached", "solved", "wants_more", "other"] as const;
export type TaskOutcome = (typeof OUTCOMES)[number];

export interface Task {
  id: string;
  kind: TaskKind;
  state: "open" | "done" | "cancelled";
  due_at: string;
  assignee: string | null;
  group_id: string | null;
  customer_id: string | null;
  company_id: string | null;
  company: string | null;
  conversation_id: string | null;
  text: string;
  contact: string | null;
  outcome: TaskOutcome | null;
  outcome_text: string | null;
  version: number;
  ended_by: string | null;
  ended_at: string | null;
}

export interface Rating {
  conversation_id: string;
  ticket: string; // its number; empty for the conversation itself
  customer_id: string;
  agent_id: string | null;
  agent_name: string | null;
  csat: number | null;
  resolved: boolean | null;
  nps: number | null;
  comment: string | null;
  at: string;
}

/** How far the erasing of a customer has come; `done_at` is null while it goes on. */
export interface Erasure {
  id: string;
  customer_id: string;
  asked_by: string | null;
  asked_at: string;
  conversations: number;
  tickets: number;
  files: number;
  done_at: string | null;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Whose notes they are. */
export type About = `/customers/${string}` | `/companies/${string}`;

export class People {
  constructor(private readonly api: Api) {}

  customers = (query: Query): Promise<Page<Customer>> => this.api.call("GET", `/customers${search(query)}`);
  customer = (id: string): Promise<Customer> => this.api.call("GET", `/customers/${id}`);
  changeCustomer = (id: string, body: object): Promise<Customer> => this.api.call("PATCH", `/customers/${id}`, body);
  alike = (id: string): Promise<Page<Customer>> => this.api.call("GET", `/customers/${id}/alike`);
  join = (id: string, otherId: string): Promise<Customer> => this.api.call("POST", `/customers/${id}/join`, { other_id: otherId, confirmed: true });

  erase = (id: string): Promise<Erasure> => this.api.call("POST", `/customers/${id}/erasure`, { confirmed: true });
  erasure = (id: string): Promise<Erasure> => this.api.call("GET", `/customers/${id}/erasure`);

  companies = (query: Query): Promise<Page<Company>> => this.api.call("GET", `/companies${search(query)}`);
  company = (id: string): Promise<Company> => this.api.call("GET", `/companies/${id}`);
  createCompany = (body: object): Promise<Company> => this.api.call("POST", "/companies", body);
  changeCompany = (id: string, body: object): Promise<Company> => this.api.call("PATCH", `/companies/${id}`, body);
  mergeCompany = (company: Company, otherId: string): Promise<Company> =>
    this.api.call("POST", `/companies/${company.id}/merge`, { other_id: otherId, version: company.version, confirmed: true });

  trail = (id: string): Promise<Trail> => this.api.call("GET", `/customers/${id}/trail`);
  notes = (about: About): Promise<Page<ProfileNote>> => this.api.call("GET", `${about}/notes`);
  addNote = (about: About, text: string): Promise<ProfileNote> => this.api.call("POST", `${about}/notes`, { text });
  removeNote = (id: string): Promise<void> => this.api.call("DELETE", `/profile-notes/${id}`);

  blocks = (query: Query): Promise<Page<Block>> => this.api.call("GET", `/blocks${search(query)}`);
  block = (customerId: string, body: object): Promise<Block> => this.api.call("POST", `/customers/${customerId}/blocks`, body);
  decide = (id: string, decision: "approve" | "refuse" | "lift"): Promise<Block> => this.api.call("POST", `/blocks/${id}/decision`, { decision });

  ratings = (query: Query): Promise<Page<Rating>> => this.api.call("GET", `/ratings${search(query)}`);

  tasks = (query: Query): Promise<Page<Task>> => this.api.call("GET", `/tasks${search(query)}`);
  createTask = (body: object): Promise<Task> => this.api.call("POST", "/tasks", body);
  changeTask = (task: Task, body: object): Promise<Task> => this.api.call("PATCH", `/tasks/${task.id}`, { version: task.version, ...body });
}

/** How near a contract's end is: over, near (30 days), or neither. */
export function contractWarning(end: string | null | undefined, now: number): "over" | "near" | null {
  if (!end) return null;
  const days = (Date.parse(`${end}T23:59:59`) - now) / 86_400_000;
  return days < 0 ? "over" : days <= 30 ? "near" : null;
}
