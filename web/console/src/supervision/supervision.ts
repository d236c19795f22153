// The floor as the server tells it, and what supervisors do on it: the routes and events of this area in one place.
import { newId } from "@yingda/shared/socket";
import type { Api } from "../api";
import type { Desk } from "../desk/desk";
import type { ClockState, CustomerCard, PresenceStatus, WaitingItem } from "../wire";

export interface GroupNow {
  id: string;
  name: string;
  waiting: number;
  longest_since: string | null;
  agents: number;
  free: number;
  line: WaitingItem[];
}

export interface AgentNow {
  id: string;
  name: string;
  staff_number: string | null;
  groups: string[];
  status: PresenceStatus;
  accepting: boolean;
  reason: string | null;
  since: string | null;
  is_there: boolean;
  capacity: number;
  load: number;
  offered: number;
  last_assigned_at: string | null;
  unanswered: number;
  unanswered_since: string | null;
}

export interface OwedAWord {
  conversation_id: string;
  customer: CustomerCard;
  owner: string | null;
  group_id: string | null;
  since: string | null;
  held_until: string | null;
  level: string;
  last_text: string;
  soured: boolean;
  clocks: ClockState[];
}

export interface Floor {
  at: string;
  open: { bot: number; waiting: number; human: number };
  groups: GroupNow[];
  agents: AgentNow[];
  unanswered: OwedAWord[];
}

export type Target = { agent_id: string } | { group_id: string };

export class Supervision {
  constructor(
    private readonly api: Api,
    private readonly desk: Desk,
  ) {}

  floor = (): Promise<Floor> => this.api.call("GET", "/supervision");

  setPresence(agent: string, status: PresenceStatus, accepting: boolean, reason: string | null): Promise<unknown> {
    return this.api.call("PATCH", `/agents/${agent}/presence`, { status, accepting, reason });
  }

  /** The seconds that the push added; 0 where the cap left nothing. */
  async push(conversationId: string): Promise<number> {
    return (await this.desk.connection.emit("push", { client_id: newId(), conversation_id: conversationId })).added_seconds;
  }

  async takeOver(conversationId: string): Promise<void> {
    await this.desk.connection.emit("take_over", { client_id: newId(), conversation_id: conversationId });
  }

  async whisper(conversationId: string, text: string): Promise<void> {
    await this.desk.connection.emit("add_note", { client_id: newId(), conversation_id: conversationId, text, whisper: true });
  }

  async pass(conversationId: string, to: Target, note: string): Promise<"human" | "waiting"> {
    const wish = { client_id: newId(), conversation_id: conversationId, to, ...(note ? { note } : {}) };
    return (await this.desk.connection.emit("transfer", wish)).state === "human" ? "human" : "waiting";
  }
}
