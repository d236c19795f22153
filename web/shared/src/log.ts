/** A conversation's log as a client holds it: sorted by seq, repeats ignored, gaps healed by sync, a recalled text emptied. */

import type { Event, Note, State } from "./events.ts";

/** Numbered things in order; what arrives early waits until the numbers before it are there. Taking one in costs the same however many are held. */
export class Sequence<T> {
  private list: T[] = []; // base + 1 to reach, without a gap
  private readonly early = new Map<number, T>();
  private snapshot: T[] | null = null;

  constructor(
    private readonly numberOf: (item: T) => number,
    public base = 0,
  ) {}

  /** Everything from base + 1 to reach is here. */
  get reach(): number {
    return this.base + this.list.length;
  }

  /** True when the item is new. */
  insert(item: T): boolean {
    const number = this.numberOf(item);
    if (number <= this.reach || this.early.has(number)) return false;
    this.early.set(number, item);
    for (let next = this.early.get(this.reach + 1); next !== undefined; next = this.early.get(this.reach + 1)) {
      this.early.delete(this.reach + 1);
      this.list.push(next);
      this.snapshot = null;
    }
    return true;
  }

  /** Puts a changed copy in an item's place. */
  replace(number: number, change: (item: T) => T): void {
    const item = this.get(number);
    if (item === undefined) return;
    if (this.early.has(number)) this.early.set(number, change(item));
    else this.list[number - this.base - 1] = change(item);
    this.snapshot = null;
  }

  get(number: number): T | undefined {
    return number <= this.base ? undefined : (this.list[number - this.base - 1] ?? this.early.get(number));
  }

  /** Something lies beyond reach: a number in between is missing. */
  get hasGap(): boolean {
    return this.early.size > 0;
  }

  /** The unbroken part, in order: the same array until something changes. */
  items(): T[] {
    return (this.snapshot ??= this.list.slice());
  }

  /** Puts what lies before in front; `earlier` ends at base, without a gap. */
  lowerBase(base: number, earlier: T[]): void {
    this.base = base;
    this.list = [...earlier, ...this.list];
    this.snapshot = null;
  }

  clear(): void {
    this.list = [];
    this.early.clear();
    this.snapshot = null;
    this.base = 0;
  }
}

/** The answer to `sync`, of either namespace. */
export interface LogPage {
  events: Event[];
  notes?: Note[];
  more: boolean;
  last_seq: number;
  last_note_seq?: number;
  state: State;
}

export type FetchPage = (afterSeq: number, afterNoteSeq: number, limit?: number) => Promise<LogPage>;

export interface LogOptions {
  /** Start after this seq instead of at the beginning; loadEarlier fetches what lies before. */
  after?: number;
  afterNote?: number;
  /** How long an overtaken event may take before the log asks for it, in milliseconds. */
  patience?: number;
  onChange?: () => void;
}

export class Log {
  private readonly entries: Sequence<Event>;
  private readonly noteEntries: Sequence<Note>;
  private healing: Promise<void> | null = null;
  private digging: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** False until the first sync has ended: whoever writes before may be answering blind. */
  synced = false;
  state: State | undefined;
  private stateSeq = 0;

  constructor(
    readonly conversationId: string,
    private readonly fetchPage: FetchPage,
    private readonly options: LogOptions = {},
  ) {
    this.entries = new Sequence<Event>((event) => event.seq, options.after ?? 0);
    this.noteEntries = new Sequence<Note>((note) => note.note_seq, options.afterNote ?? 0);
  }

  get events(): Event[] {
    return this.entries.items();
  }

  get notes(): Note[] {
    return this.noteEntries.items();
  }

  /** The last seq without a gap before it: the cursor for sync and read. */
  get lastSeq(): number {
    return this.entries.reach;
  }

  get lastNoteSeq(): number {
    return this.noteEntries.reach;
  }

  /** The event of this seq, where it is held. */
  at(seq: number): Event | undefined {
    return this.entries.get(seq);
  }

  /** There are events before the first one held. */
  get hasEarlier(): boolean {
    return this.entries.base > 0;
  }

  /** Takes an `event` of the socket: a repeat changes nothing, a gap makes the log sync a moment later. */
  insert(event: Event): void {
    if (event.conversation_id !== this.conversationId || !this.take(event)) return;
    this.afterInsert();
  }

  insertNote(note: Note): void {
    if (note.conversation_id !== this.conversationId || !this.noteEntries.insert(note)) return;
    this.afterInsert();
  }

  /** The server says that this seq exists: if it does not come by itself, the log asks for it. */
  expect(seq: number): void {
    if (seq > this.entries.reach) this.syncLater();
  }

  /** Fetches everything after the cursor, page by page. One run at a time; rejects when the connection goes away. */
  sync(): Promise<void> {
    this.healing ??= this.fetchAll().finally(() => {
      this.healing = null;
    });
    return this.healing;
  }

  /** Fetches up to `count` events before the first one held. One run at a time. */
  loadEarlier(count = 100): Promise<void> {
    this.digging ??= this.fetchEarlier(count).finally(() => {
      this.digging = null;
    });
    return this.digging;
  }

  private async fetchEarlier(count: number): Promise<void> {
    const before = this.entries.base;
    const after = Math.max(0, before - count);
    const earlier: Event[] = [];
    for (let cursor = after; cursor < before; ) {
      const page = await this.fetchPage(cursor, this.lastNoteSeq, before - cursor);
      const wanted = page.events.filter((event) => event.seq > cursor && event.seq <= before);
      if (wanted.length === 0) return; // the server holds less than it said: nothing is shown behind a gap
      earlier.push(...wanted);
      cursor = wanted[wanted.length - 1]!.seq;
    }
    if (this.entries.base !== before) return; // the log was begun anew meanwhile
    this.entries.lowerBase(after, earlier);
    this.options.onChange?.();
  }

  private take(event: Event): boolean {
    if (!this.entries.insert(event)) return false;
    if (event.kind === "redact" && event.target_seq !== undefined) {
      this.entries.replace(event.target_seq, (target) => ({ ...target, text: "", redacted: true }));
    }
    if (event.kind === "state" && event.seq > this.stateSeq) {
      this.state = event.state;
      this.stateSeq = event.seq;
    }
    return true;
  }

  private afterInsert(): void {
    this.options.onChange?.();
    if (this.entries.hasGap || this.noteEntries.hasGap) this.syncLater();
    else clearTimeout(this.timer);
  }

  private syncLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sync().catch(() => undefined), this.options.patience ?? 200);
  }

  private async fetchAll(): Promise<void> {
    for (let more = true; more; ) {
      let page: LogPage;
      try {
        page = await this.fetchPage(this.entries.reach, this.noteEntries.reach);
      } catch (error) {
        // The server's log is shorter than ours (it was restored): what we hold is not the truth any more.
        if (this.entries.reach === 0 || (error as { code?: string }).code !== "conflict") throw error;
        this.entries.clear();
        this.noteEntries.clear();
        this.stateSeq = 0;
        continue;
      }
      const before = this.entries.reach + this.noteEntries.reach;
      page.events.forEach((event) => this.take(event));
      page.notes?.forEach((note) => this.noteEntries.insert(note));
      if (page.last_seq >= this.stateSeq) {
        this.state = page.state;
        this.stateSeq = page.last_seq;
      }
      more = page.more && this.entries.reach + this.noteEntries.reach > before;
    }
    this.synced = true;
    this.options.onChange?.();
  }
}
