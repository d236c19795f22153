// Tickets over the wire: what the console reads of them and asks for.
import { search, type Api, type Query } from "../api";
import type { Actor, Attachment, ClockState, CustomerCard, State, TicketMark, TicketStatus } from "../wire";

export type Level = TicketMark["level"];
export type Visibility = "public" | "internal";
export type TrackerKind = "zentao" | "tapd" | "jira" | "other";

export const STATUSES: readonly TicketStatus[] = ["new", "open", "waiting_customer", "waiting_development", "waiting_release", "solved", "closed"];
export const LEVELS: readonly Level[] = ["L1", "L2", "L3"];
export const TRACKERS: readonly TrackerKind[] = ["zentao", "tapd", "jira", "other"];

export interface AgentRef {
  id: string;
  name: string;
  staff_number?: string;
}

export interface Tracker {
  kind: TrackerKind;
  number: string;
  url: string | null;
}

export interface Contact {
  phone?: string;
  email?: string;
}

export interface Ticket extends TicketMark {
  category: string | null;
  customer: CustomerCard;
  assignee: AgentRef | null;
  group_id: string | null;
  tracker: Tracker | null;
  version: number;
  comments: number;
  created_at: string;
  updated_at: string;
  closes_at: string | null;
  reopened: number;
  merged_into: string | null;
  clocks: ClockState[];
}

export interface Comment {
  number: number;
  visibility: Visibility;
  by: Actor;
  at: string;
  text: string;
  attachments: Attachment[];
}

export interface Entry {
  version: number;
  at: string;
  by: Actor;
  changes: Record<string, unknown>;
}

export interface TicketDetail extends Ticket {
  source: string;
  conversation_id: string | null; // that it was made from
  summary: string;
  text: string;
  tier: string | null;
  contact: Contact;
  created_by: AgentRef | null;
  moves: TicketStatus[];
  discussion: Comment[];
  history: Entry[];
  conversations: { id: string; state: State; started_at: string; last_text: string }[];
  attachments: Attachment[]; // what was sent in its conversations
  watchers: AgentRef[];
  duplicates: TicketMark[];
  goes_on_in: TicketMark | null;
}

export interface TicketDraft {
  title: string;
  summary: string;
  level: Level;
  category: string | null;
  contact: Contact;
}

/** What a colleague fills in; what is left out is taken from the conversation. */
export interface NewTicket {
  conversation_id?: string;
  customer_id?: string;
  title: string;
  summary: string;
  level: Level;
  category: string | null;
  assignee_id: string | null;
  contact: Contact;
}

export class Tickets {
  constructor(private readonly api: Api) {}

  list = (query: Query): Promise<{ items: Ticket[]; next?: string | null }> => this.api.call("GET", `/tickets${search(query)}`);
  one = (id: string): Promise<TicketDetail> => this.api.call("GET", `/tickets/${encodeURIComponent(id)}`);
  draft = (conversationId: string): Promise<TicketDraft> => this.api.call("GET", `/conversations/${conversationId}/ticket-draft`);
  create = (body: NewTicket): Promise<TicketDetail> => this.api.call("POST", "/tickets", body);
  change = (ticket: Ticket, fields: object): Promise<TicketDetail> => this.api.call("PATCH", `/tickets/${ticket.id}`, { version: ticket.version, ...fields });
  comment = (id: string, body: { text: string; visibility: Visibility; status: TicketStatus | null; confirmed: boolean; upload_ids: string[] }): Promise<TicketDetail> =>
    this.api.call("POST", `/tickets/${id}/comments`, body);
  merge = (id: string, into: string): Promise<TicketDetail> => this.api.call("POST", `/tickets/${id}/merge`, { into });
  link = (id: string, conversationId: string): Promise<TicketDetail> => this.api.call("POST", `/tickets/${id}/conversations`, { conversation_id: conversationId });
  unlink = (id: string, conversationId: string): Promise<TicketDetail> => this.api.call("DELETE", `/tickets/${id}/conversations/${conversationId}`);
  watch = (id: string, watching: boolean): Promise<TicketDetail> => this.api.call("POST", `/tickets/${id}/watch`, { watching });
}

/** “故障/甘特图” for each second level of the configured topics. */
export function categories(topics: Record<string, readonly string[]>): { value: string; label: string }[] {
  return Object.entries(topics).flatMap(([first, seconds]) => seconds.map((second) => ({ value: `${first}/${second}`, label: `${first} › ${second}` })));
}
