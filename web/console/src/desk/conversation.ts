// One conversation as the pages see it: what the server listed about it, and its log once it was opened.
import { Log, type FetchPage } from "@yingda/shared/log";
import type { ConversationRow } from "../api";
import { inAList } from "@yingda/shared/uploads/files";
import { markRaw, shallowReactive } from "vue";
import type { ClockState, CustomerCard, Event, HeadStart, Note, State } from "../wire";
import { waitingSince } from "./log";
import type { Pending } from "./timeline";

export interface Conversation {
  readonly id: string;
  readonly log: Log;
  customer: CustomerCard;
  state: State;
  version: number;
  mine: boolean;
  watched: boolean;
  owner: string | null; // the agent's id
  reason: string | null;
  page: { url?: string | null; title?: string | null } | null;
  startedAt: string | null;
  lastText: string;
  lastAt: string | null;
  lastBy: string | null; // whose words the last text is
  unread: number;
  events: Event[];
  notes: Note[];
  fresh: boolean; // every event the server has is here; only then may anything be answered
  hasEarlier: boolean;
  trouble: string | null; // the code of the refusal, when the log may not be read
  since: string | null; // the customer waits for our words since then
  typingUntil: number;
  pending: Pending[];
  unreadAfter: number | null; // where the line 以下是新消息 stands
  missed: number; // messages of the customer that came while the connection was lost
  explanation: HeadStart[];
  topic: string | null; // what the server takes it to be about, “使用问题/甘特图”: the wrap-up's proposal
  emotion: string | null; // of the customer's newest message that was read
  soured: boolean; // the customer has become angry while a human answers
  level: string;
  clocks: readonly ClockState[]; // that run or pause
  heldUntil: string | null; // a time promised to the customer
  readSeq: number; // up to where the customer has read
  quoting: Event | null; // the message that the next reply answers
}

export type Seed = Pick<Conversation, "id" | "customer" | "state"> & Partial<Conversation> & { lastSeq?: number };

/** One of a list over HTTP, as the desk keeps it. */
export function seedOfRow(row: ConversationRow): Seed {
  return {
    id: row.id,
    customer: row.customer,
    state: row.state,
    version: row.version,
    lastSeq: row.last_seq,
    lastText: row.last_text,
    lastAt: row.last_at ?? null,
    lastBy: row.last_by ?? null,
    emotion: row.emotion ?? null,
    startedAt: row.started_at ?? null,
    reason: row.reason ?? null,
    owner: row.owner ?? null,
    page: row.page ?? null,
    topic: row.topic ?? null,
    soured: row.soured ?? false,
    level: row.level ?? "L1",
    clocks: row.clocks ?? [],
  };
}

/** How much of a long log is fetched at first; the rest comes when somebody scrolls up. */
const TAIL = 200;

export function newConversation(seed: Seed, fetchPage: FetchPage): Conversation {
  const { lastSeq, ...known } = seed;
  const log = markRaw(new Log(seed.id, fetchPage, { after: Math.max(0, (lastSeq ?? 0) - TAIL), onChange: () => refresh(conversation) }));
  const conversation: Conversation = shallowReactive({
    log,
    version: 0,
    mine: false,
    watched: false,
    owner: null,
    reason: null,
    page: null,
    startedAt: null,
    lastText: "",
    lastAt: null,
    lastBy: null,
    unread: 0,
    events: [],
    notes: [],
    fresh: false,
    hasEarlier: false,
    trouble: null,
    since: null,
    typingUntil: 0,
    pending: [],
    unreadAfter: null,
    missed: 0,
    explanation: [],
    topic: null,
    emotion: null,
    soured: false,
    level: "L1",
    clocks: [],
    heldUntil: null,
    readSeq: 0,
    quoting: null,
    ...known,
  });
  return conversation;
}

/** Takes the log's new content over into what the pages watch. */
function refresh(conversation: Conversation): void {
  const { log } = conversation;
  conversation.events = log.events;
  conversation.notes = log.notes;
  conversation.hasEarlier = log.hasEarlier;
  if (log.state) conversation.state = log.state;
  conversation.since = conversation.state === "human" ? waitingSince(conversation.events) : null;
  if (conversation.pending.length > 0) {
    const seen = new Set(conversation.events.map((event) => event.client_id));
    conversation.pending = conversation.pending.filter(
      (one) =>
        !seen.has(one.clientId) &&
        (one.storedSeq === null || (one.kind === "reply" ? one.storedSeq > log.lastSeq : one.storedSeq > log.lastNoteSeq)),
    );
  }
  const last = conversation.events.findLast((event) => event.kind === "message" && !event.redacted);
  if (last) {
    conversation.lastText = inAList(last);
    conversation.lastAt = last.at;
    conversation.lastBy = last.actor.kind;
  }
  const state = conversation.events.findLast((event) => event.kind === "state");
  if (state?.state === "human" && state.agent) conversation.owner = state.agent.id;
  if (state?.state === "waiting" || state?.state === "bot") conversation.owner = null;
}
