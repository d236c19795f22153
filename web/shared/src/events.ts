// Generated from router/payloads by `python -m scripts.generate_types`; do not edit by hand.
// Times are RFC 3339 strings in UTC, ids are UUID strings. A field with `?` may be absent.

export type PresenceStatus = "online" | "away" | "offline";
export type State = "bot" | "waiting" | "human" | "closed";
export type ClockKind = "first_reply" | "next_reply" | "resolution";
export type Outcome = "assigned" | "queued" | "after_hours" | "nobody";
export type PromiseState = "proposed" | "open" | "kept" | "dismissed";
export type ActorKind = "customer" | "bot" | "agent" | "system";
export type EventKind = "message" | "state" | "rating" | "ticket" | "redact";
export type NoteKind = "note" | "whisper" | "summary" | "system";
export type Level = "L1" | "L2" | "L3";
export type TicketStatus = "new" | "open" | "waiting_customer" | "waiting_development" | "waiting_release" | "solved" | "closed";
export type TicketSource = "agent" | "message_left" | "call_back" | "escalation" | "unresolved";
export type TicketDeed = "created" | "changed" | "commented" | "merged" | "linked" | "watched";
export type TrackerKind = "zentao" | "tapd" | "jira" | "other";

export interface AgentAuth {
  protocol: number;
  token: string;
}

export interface SetPresence {
  status: PresenceStatus;
  reason?: string | null;
  accepting?: boolean | null;
  capacity?: number | null;
}

export interface Accept {
  client_id: string;
  conversation_id: string;
}

export interface Decline {
  client_id: string;
  conversation_id: string;
}

export interface AgentSendMessage {
  client_id: string;
  conversation_id: string;
  text: string;
  reply_to_seq?: number | null;
  upload_ids?: string[] | null;
  confirmed?: boolean; // the agent has read the warning about these words and means them
}

export interface AddNote {
  client_id: string;
  conversation_id: string;
  text: string;
  mentions?: string[] | null;
  whisper?: boolean;
}

export interface TransferTarget {
  agent_id?: string | null;
  group_id?: string | null;
}

export interface Transfer {
  client_id: string;
  conversation_id: string;
  to: TransferTarget | "bot";
  note?: string | null;
}

export interface TransferOne {
  conversation_id: string;
  to: TransferTarget;
  note?: string | null;
}

/** Several conversations at once, as somebody leaves: each to its own colleague or group, with its own note. */
export interface TransferAll {
  client_id: string;
  items: TransferOne[];
}

/** A time promised to the customer; null takes it back. */
export interface Hold {
  client_id: string;
  conversation_id: string;
  until: string | null;
}

export interface TakeOver {
  client_id: string;
  conversation_id: string;
}

export interface Push {
  client_id: string;
  conversation_id: string;
}

export interface WrapUp {
  category?: string | null;
  cause?: string | null;
  tags?: string[] | null;
  note?: string | null;
}

export interface AgentClose {
  client_id: string;
  conversation_id: string;
  resolved: boolean;
  wrap_up?: WrapUp | null;
}

/** Asks the customer 解决了吗 while the conversation goes on; once. */
export interface InviteRating {
  client_id: string;
  conversation_id: string;
}

export interface Watch {
  conversation_id: string;
}

export interface AgentSync {
  conversation_id: string;
  after_seq: number;
  after_note_seq?: number;
  limit?: number | null;
}

export interface WaitingLine {
}

export interface AcceptAck {
  version: number;
  ok: boolean;
}

/** What became of one conversation: its state, or the code of the error for which it stayed. */
export interface Passed {
  conversation_id: string;
  ok: boolean;
  state?: State;
  code?: string;
}

export interface TransferAllAck {
  results: Passed[];
  ok: boolean;
}

/** The whole head start after the push, in seconds, and how much the push added: 0 where the cap left nothing. */
export interface PushAck {
  priority: number;
  added_seconds: number;
  ok: boolean;
}

export interface NoteAck {
  note_seq: number;
  ok: boolean;
}

export interface AgentSyncAck {
  events: Event[];
  notes: Note[];
  more: boolean;
  last_seq: number;
  last_note_seq: number;
  state: State;
  version: number;
  ok: boolean;
}

export interface Ok {
  ok: boolean;
}

export interface CallbackSlots {
  conversation_id?: string | null;
}

/** A span in which somebody calls. */
export interface CallbackSlot {
  at: string;
  until: string;
}

/** A call that the customer has booked; most of the number is hidden. */
export interface Callback {
  id: string;
  at: string;
  until: string;
  phone: string;
}

/** ``timezone`` is the desk's: people are called by its clock. */
export interface CallbackSlotsAck {
  slots: CallbackSlot[];
  callbacks: Callback[];
  timezone: string;
  ok: boolean;
}

/** ``at`` is the beginning of an offered slot; ``callback_id`` changes a call that was booked before. */
export interface BookCallback {
  client_id: string;
  at: string;
  phone?: string | null;
  conversation_id?: string | null;
  text?: string | null;
  callback_id?: string | null;
}

export interface CancelCallback {
  client_id: string;
  callback_id: string;
}

export interface CallbackAck {
  callback: Callback;
  ok: boolean;
}

export interface HandOverCardWish {
  conversation_id: string;
}

/** What is not given stays; an empty text empties a field. */
export interface EditCard {
  client_id: string;
  conversation_id: string;
  question?: string | null;
  tried?: string | null;
  page?: string | null;
}

/** As customers see it. */
export interface HandOverCard {
  question: string;
  tried: string;
  page: string;
  screenshots: Attachment[];
  edited: string[]; // the fields in the customer's own words
  edited_at: string | null;
}

export interface HandOverCardAck {
  card: HandOverCard;
  ok: boolean;
}

/** An article that the bot showed; ``helpful`` is what the customer said of it. */
export interface ShownArticle {
  id: string;
  title: string;
  helpful: boolean | null;
}

/** The same for agents, with what was read between the lines of the newest message; never sent to customers. */
export interface AgentCard {
  question: string;
  tried: string;
  page: string;
  screenshots: Attachment[];
  edited: string[]; // the fields in the customer's own words
  edited_at: string | null;
  conversation_id: string;
  articles: ShownArticle[];
  emotion: string | null;
  urgency: string | null;
}

export interface AgentCardAck {
  card: AgentCard;
  ok: boolean;
}

/** A clock that has not been met: green until ``soon_at``, amber until ``due_at``, red after. ``due_at`` is null while it is paused; ``soon_at`` of a live chat's first reply is what the desk aims at. */
export interface ClockState {
  kind: ClockKind;
  started_at: string;
  due_at: string | null;
  soon_at: string | null;
  paused: boolean;
  breached: boolean;
}

/** The open clocks of a conversation as they stand now; none: everything is met or over. */
export interface ClocksChange {
  conversation_id: string;
  clocks: ClockState[];
}

export interface Page {
  url?: string | null;
  title?: string | null;
}

export interface ChatAuth {
  protocol: number;
  visitor?: string | null;
  identity?: string | null;
  site?: string | null;
  locale?: string | null;
  page?: Page | null;
}

export interface CustomerSendMessage {
  client_id: string;
  text: string;
  conversation_id?: string | null;
  reply_to_seq?: number | null;
  upload_ids?: string[] | null;
  option_id?: string | null;
}

export interface RequestHuman {
  client_id: string;
  conversation_id?: string | null;
  topic?: string | null;
}

export interface LeaveQueue {
  client_id: string;
  conversation_id: string;
}

export interface Contact {
  phone?: string | null;
  email?: string | null;
}

/** 〔转为工单跟进〕 under a conversation that the customer has called unsolved. */
export interface FollowUp {
  client_id: string;
  conversation_id: string;
}

export interface LeaveMessage {
  client_id: string;
  text: string;
  contact: Contact;
}

export interface CustomerClose {
  client_id: string;
  conversation_id: string;
}

export interface Threads {
  before?: string | null;
}

export interface RateAnswer {
  client_id: string;
  conversation_id: string;
  seq: number;
  helpful: boolean;
  comment?: string | null;
}

export interface RateConversation {
  client_id: string;
  conversation_id: string;
  resolved?: boolean | null;
  csat?: number | null;
  nps?: number | null;
  comment?: string | null;
  ticket?: string | null; // the number of a closed ticket, where that is what is rated
}

export interface RequestHumanAck {
  conversation_id: string;
  state: State;
  outcome: Outcome;
  position?: number;
  eta?: [number, number]; // seconds, low and high
  opens_at?: string;
  ok: boolean;
}

export interface TicketAck {
  ticket: string;
  ok: boolean;
}

export interface SyncAck {
  events: Event[];
  more: boolean;
  last_seq: number;
  state: State;
  ok: boolean;
}

export interface ThreadItem {
  id: string;
  state: State;
  started_at: string;
  last_seq: number;
  previous_id?: string;
}

export interface ThreadsAck {
  conversations: ThreadItem[];
  ok: boolean;
}

export interface OpenConversation {
  id: string;
  state: State;
  last_seq: number;
  answered_seq: number;
}

export interface Hours {
  open: boolean;
  opens_at?: string;
  text?: string; // e.g. 工作日 9:00–18:00
}

/** A question for somebody who comes back; answered by `rate_conversation`. */
export interface Survey {
  kind: "nps";
  conversation_id: string;
}

export interface ChatWelcome {
  protocol: number;
  visitor: string;
  greeting: string;
  suggestions: Option[];
  hours: Hours;
  conversation?: OpenConversation;
  announcement?: string;
  tickets?: boolean; // the customer has some to look at
  transcripts?: boolean; // conversations can be mailed
  privacy?: Privacy;
  survey?: Survey;
}

export interface QueuePlace {
  conversation_id: string;
  position?: number; // people ahead plus one
  eta?: [number, number]; // seconds, low and high; held, it never grows
  slower?: [number, number]; // instead of eta once the wait took longer than what was told
  keep_minutes?: number; // how long the place is kept for somebody who closes the page
}

/** What an agent sees of a customer. */
export interface CustomerCard {
  id: string;
  name: string | null;
  tier: string;
  company: string | null;
  locale: string | null;
}

/** One reason why a conversation stands earlier in the line than its arrival. */
export interface HeadStart {
  reason: string;
  seconds: number;
  label: string;
  label_en?: string;
}

export interface WaitingItem {
  conversation_id: string;
  rank_at: string;
  joined_at: string;
  priority: number; // the whole head start, in seconds
  explanation: HeadStart[];
  reason: string;
  level: string;
  topic: string;
  customer: CustomerCard;
  group_id: string;
  last_text: string;
  clocks: ClockState[];
}

export interface WaitingLineAck {
  version: number;
  items: WaitingItem[];
  ok: boolean;
}

export interface WaitingChange {
  version: number;
  upsert: WaitingItem[];
  remove: string[];
}

export interface Presence {
  status: PresenceStatus;
  accepting: boolean;
  capacity: number;
  reason: string | null;
}

/** Somebody's presence as it is now: to their own pages, and to supervisors. */
export interface PresenceChange {
  agent_id: string;
  status: PresenceStatus;
  accepting: boolean;
  capacity: number;
  reason: string | null;
}

export interface AgentSelf {
  id: string;
  username: string;
  name: string;
  roles: string[];
  groups: string[];
  staff_number: string | null;
  picture: string | null;
}

export interface AgentConversation {
  id: string;
  state: State;
  version: number;
  last_seq: number;
  last_note_seq: number;
  customer: CustomerCard;
  last_text: string;
  unread: number;
  reason: string | null;
  page: Record<string, unknown> | null;
  started_at: string | null;
  last_at: string | null;
  last_by: "agent" | "customer"; // whose words `last_text` are
  owner: string | null;
  topic: string | null; // what it seems to be about, both levels: the wrap-up's proposal
  emotion: string | null; // of the customer's newest message that was read
  soured: boolean; // the customer has become angry while a human answers
  held_until: string | null; // a time promised to the customer
  level: string;
  clocks: ClockState[]; // that run or pause
  tickets: TicketMark[]; // that belong to it, oldest first
  customer_read_seq: number; // up to where the customer has read; `read` tells of more
}

export interface AgentWelcome {
  protocol: number;
  agent: AgentSelf;
  presence: Presence;
  conversations: AgentConversation[];
  topics: Record<string, string[]>; // what conversations are filed under: first level → second levels
}

export interface Offer {
  conversation_id: string;
  customer: CustomerCard;
  reason: string;
  priority: number;
  explanation: HeadStart[];
  waited_seconds: number;
  summary: string;
  expires_at: string | null; // only in mode "offer"
}

export interface Unassigned {
  conversation_id: string;
  reason: string;
}

export interface Summary {
  conversation_id: string;
  state: State;
  last_seq: number;
  last_text: string;
  unread: number;
  topic: string | null;
  emotion: string | null;
  soured: boolean;
  held_until: string | null;
  level: string;
  last_by: "agent" | "customer";
}

/** To the owner and supervisors: something that needs somebody's eye. Pages show an unknown kind by its text. */
export interface Alert {
  kind: string; // soured, clock_warning, clock_breached, abuse, bad_rating, promise_due …: router/notifications/kinds.py
  at: string;
  conversation_id: string | null;
  ticket: string | null;
  customer: CustomerCard | null;
  owner: string | null;
  text: string | null;
}

export interface Suggest {
  conversation_id: string;
}

/** ``confidence``: the probability that it fits. ``title`` is the article's question, or what was asked before. */
export interface SuggestedReply {
  text: string;
  article_id: string | null;
  confidence: number;
  source: "article" | "case";
  title: string | null;
  internal: boolean; // of an article that customers never see
  already: boolean; // the bot has answered with it in this conversation
  conversation_id: string | null; // where a colleague said so
  by: string | null;
}

export interface SuggestAck {
  replies: SuggestedReply[];
  ok: boolean;
}

/** A promise as agents see it; customers never do. ``text`` is empty where the message was taken back. */
export interface PromiseNews {
  id: string;
  conversation_id: string;
  seq: number;
  text: string;
  state: PromiseState;
  due_at: string;
  is_dated: boolean;
  owner: string;
  owner_name: string | null;
  customer_id: string;
  created_at: string;
  ticket: string | null;
  chance: number | null;
  answered_seq: number | null; // what may have kept it
  broken_at: string | null;
  settled_at: string | null;
}

export interface Actor {
  kind: ActorKind;
  id?: string;
  name?: string;
}

export interface Option {
  id: string;
  label: string;
}

export interface Source {
  article_id: string;
  title: string;
  confidence?: number; // never to customers
}

/** A file of a message: one that somebody sent, or a picture of an article's answer, which has no id. */
export interface Attachment {
  url: string; // holds for some hours; a fresh one: GET /api/v1/uploads/{id}/link
  name: string;
  id?: string;
  type?: string; // as found in its content
  bytes?: number;
  width?: number; // of a picture
  height?: number;
  preview_url?: string; // of a large picture: a small one to show first
}

export interface AgentRef {
  id: string;
  name: string;
  staff_number?: string;
  picture?: string; // an address of this server
}

/** What the bot read between the lines of a question, for agents only. */
export interface MessageSignals {
  emotion: string;
  urgency: string;
  topic?: string; // both levels, “使用问题/甘特图”
  topic_chance?: number;
}

/** One entry of a conversation's log; which fields are set follows from ``kind``. */
export interface Event {
  conversation_id: string;
  seq: number;
  kind: EventKind;
  at: string;
  actor: Actor;
  id?: string;
  client_id?: string;
  text?: string;
  attachments?: Attachment[];
  reply_to_seq?: number;
  options?: Option[];
  sources?: Source[];
  confidence?: number; // of a bot message; never to customers
  decision?: "answer" | "clarify" | "handoff" | "smalltalk"; // of a bot message
  signals?: MessageSignals; // of a bot message: what it read in the question; never to customers
  buttons?: string[]; // of a bot message: "request_human", "describe", "leave_message", …
  option_id?: string; // of a customer's message: the offered option it answers
  while_waiting?: boolean; // of a bot message: the one answer to somebody in line; clients may mark it
  redacted?: boolean; // a message taken back; its text is empty
  state?: State;
  reason?: string;
  agent?: AgentRef;
  csat?: number;
  nps?: number;
  resolved?: boolean;
  helpful?: boolean;
  comment?: string;
  target_seq?: number; // also redact
  number?: string; // also of a message: the ticket that it belongs to
  status?: string;
}

/** What only agents see; beside the log, at the place after ``after_seq``. */
export interface Note {
  conversation_id: string;
  note_seq: number;
  after_seq: number;
  at: string;
  actor: Actor;
  text: string;
  mentions: string[];
  kind: NoteKind;
}

/** ``article_id`` as it stands among the sources of an answer. */
export interface ArticleWish {
  article_id: string;
}

/** An article as customers read it; ``text`` is Markdown whose pictures are addresses of this server. */
export interface PublicArticle {
  id: string;
  title: string;
  text: string;
}

export interface ArticleAck {
  article: PublicArticle;
  ok: boolean;
}

/** The customer's own conversation, to an address that they give. */
export interface EmailTranscript {
  client_id: string;
  conversation_id: string;
  email: string;
}

/** What is said once about the data of the talk, in the page's language; ``url`` leads to the whole policy. */
export interface Privacy {
  text: string;
  url?: string;
}

export interface Sync {
  conversation_id: string;
  after_seq: number;
  limit?: number | null;
}

export interface Read {
  conversation_id: string;
  seq: number;
}

export interface Typing {
  conversation_id: string;
}

export interface Recall {
  client_id: string;
  conversation_id: string;
  seq: number;
}

export interface SendAck {
  conversation_id: string;
  seq: number;
  id: string;
  at: string;
  ok: boolean;
}

export interface StateAck {
  state: State;
  ok: boolean;
}

export interface TypingNotice {
  conversation_id: string;
  actor: Actor;
}

export interface ReadNotice {
  conversation_id: string;
  seq: number;
}

/** The customer's own tickets, newest first; ``before``: the number that the next page begins below. */
export interface Tickets {
  before?: string | null;
}

export interface TicketWish {
  number: string;
}

/** ``solved`` answers 解决了吗; a text alone is an answer to what was asked. */
export interface AnswerTicket {
  client_id: string;
  number: string;
  text?: string | null;
  solved?: boolean | null;
}

/** A ticket as its customer sees it. ``merged_into`` is the number that goes on in its place. */
export interface OwnTicket {
  number: string;
  title: string;
  status: TicketStatus;
  created_at: string;
  updated_at: string;
  may_answer: boolean; // a closed one is open again when it is answered, for some days
  closes_at?: string; // of a solved one: when it closes by itself
  answers_until?: string; // of a closed one
  merged_into?: string;
}

export interface OwnComment {
  by: "agent" | "customer" | "system";
  at: string;
  text: string;
  name?: string; // of the colleague, as customers know them
  attachments?: Attachment[];
}

export interface OwnTicketDetail {
  number: string;
  title: string;
  status: TicketStatus;
  created_at: string;
  updated_at: string;
  may_answer: boolean; // a closed one is open again when it is answered, for some days
  closes_at?: string; // of a solved one: when it closes by itself
  answers_until?: string; // of a closed one
  merged_into?: string;
  text: string; // what the customer wrote first
  comments: OwnComment[];
}

export interface TicketsAck {
  tickets: OwnTicket[];
  more: boolean;
  ok: boolean;
}

export interface OwnTicketAck {
  ticket: OwnTicketDetail;
  ok: boolean;
}

export interface AnswerTicketAck {
  ticket: string;
  status: TicketStatus;
  conversation_id: string;
  seq: number;
  ok: boolean;
}

/** One click: what is not given is filled in from the conversation. */
export interface CreateTicket {
  client_id: string;
  conversation_id: string;
  title?: string | null;
  level?: Level | null;
  assignee_id?: string | null;
}

/** A ticket in a list beside something else. */
export interface TicketMark {
  id: string;
  number: string;
  title: string;
  status: TicketStatus;
  level: Level;
}

/** Something happened to a ticket: to every colleague who may see it. */
export interface TicketNews {
  ticket: TicketMark;
  what: TicketDeed;
  by: Actor;
  version: number;
  assignee: string | null;
  group_id: string | null;
  updated_at: string;
  conversations: string[]; // that it belongs to
  watchers: string[];
}

/** A named event of the embedding page with plain values. The widget itself says ``$page`` (``url``, the property ``title``) and ``$attributes`` (what the page knows of its visitor, everything each time); other names that begin with ``$`` are refused. What is told again under the same ``client_id`` is kept once. */
export interface Track {
  name: string;
  properties?: Record<string, string | number | boolean | null> | null;
  url?: string | null;
  client_id?: string | null;
}

/** Client events: name → payload and acknowledgement (null: none is sent). */
export interface ChatEvents {
  send_message: { payload: CustomerSendMessage; ack: SendAck };
  request_human: { payload: RequestHuman; ack: RequestHumanAck };
  leave_queue: { payload: LeaveQueue; ack: StateAck };
  leave_message: { payload: LeaveMessage; ack: TicketAck };
  follow_up: { payload: FollowUp; ack: TicketAck };
  close: { payload: CustomerClose; ack: Ok };
  recall: { payload: Recall; ack: Ok };
  sync: { payload: Sync; ack: SyncAck };
  threads: { payload: Threads; ack: ThreadsAck };
  hand_over_card: { payload: HandOverCardWish; ack: HandOverCardAck };
  edit_card: { payload: EditCard; ack: HandOverCardAck };
  callback_slots: { payload: CallbackSlots; ack: CallbackSlotsAck };
  book_callback: { payload: BookCallback; ack: CallbackAck };
  cancel_callback: { payload: CancelCallback; ack: Ok };
  rate_answer: { payload: RateAnswer; ack: Ok };
  rate_conversation: { payload: RateConversation; ack: Ok };
  read: { payload: Read; ack: Ok };
  typing: { payload: Typing; ack: null };
  track: { payload: Track; ack: Ok };
  tickets: { payload: Tickets; ack: TicketsAck };
  ticket: { payload: TicketWish; ack: OwnTicketAck };
  answer_ticket: { payload: AnswerTicket; ack: AnswerTicketAck };
  article: { payload: ArticleWish; ack: ArticleAck };
  email_transcript: { payload: EmailTranscript; ack: Ok };
}

/** Client events: name → payload and acknowledgement (null: none is sent). */
export interface AgentEvents {
  set_presence: { payload: SetPresence; ack: Ok };
  accept: { payload: Accept; ack: AcceptAck };
  decline: { payload: Decline; ack: Ok };
  send_message: { payload: AgentSendMessage; ack: SendAck };
  add_note: { payload: AddNote; ack: NoteAck };
  recall: { payload: Recall; ack: Ok };
  transfer: { payload: Transfer; ack: StateAck };
  transfer_all: { payload: TransferAll; ack: TransferAllAck };
  hold: { payload: Hold; ack: Ok };
  take_over: { payload: TakeOver; ack: Ok };
  push: { payload: Push; ack: PushAck };
  close: { payload: AgentClose; ack: Ok };
  invite_rating: { payload: InviteRating; ack: Ok };
  watch: { payload: Watch; ack: Ok };
  unwatch: { payload: Watch; ack: Ok };
  sync: { payload: AgentSync; ack: AgentSyncAck };
  waiting_line: { payload: WaitingLine; ack: WaitingLineAck };
  hand_over_card: { payload: HandOverCardWish; ack: AgentCardAck };
  read: { payload: Read; ack: Ok };
  typing: { payload: Typing; ack: null };
  create_ticket: { payload: CreateTicket; ack: TicketAck };
  suggest: { payload: Suggest; ack: SuggestAck };
}

/** Server events: name → payload. */
export interface ChatServerEvents {
  welcome: ChatWelcome;
  event: Event;
  queue: QueuePlace;
  typing: TypingNotice;
  read: ReadNotice;
}

/** Server events: name → payload. */
export interface AgentServerEvents {
  welcome: AgentWelcome;
  offer: Offer;
  assigned: Offer;
  unassigned: Unassigned;
  waiting: WaitingChange;
  event: Event;
  note: Note;
  typing: TypingNotice;
  read: ReadNotice;
  summary: Summary;
  clocks: ClocksChange;
  alert: Alert;
  card: AgentCard;
  ticket: TicketNews;
  presence: PresenceChange;
  promise: PromiseNews;
}
