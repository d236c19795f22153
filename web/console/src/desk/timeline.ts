// What the middle column shows, in order: the log, the notes at their places, day lines; pure, so it can be tested.
import type { Attachment, Event, Note } from "../wire";

export interface Pending {
  clientId: string;
  kind: "reply" | "note";
  text: string;
  files?: readonly Attachment[]; // uploaded before
  replyTo?: number | null; // the seq of the message that is quoted
  mentions?: readonly string[]; // ids of colleagues and groups, of a note
  whisper?: boolean; // a note for the owner alone
  at: string;
  failed: string | null; // the code of the refusal, or "unavailable"
  words?: readonly MindedWords[]; // what stands against these words
  mayConfirm?: boolean; // they may go all the same, once somebody says so
  storedSeq: number | null; // acknowledged, its event is on the way
}

/** Words that a rule minds, and why. */
export interface MindedWords {
  words: string;
  reason: string;
}

export interface Mark {
  helpful: boolean;
  comment: string;
}

export type Item =
  | { type: "day"; key: string; at: string }
  | { type: "unread"; key: string }
  | { type: "message"; key: string; event: Event; first: boolean; mark: Mark | null; chosen: string | null; read: boolean }
  | { type: "line"; key: string; event: Event }
  | { type: "note"; key: string; note: Note }
  | { type: "pending"; key: string; pending: Pending };

const GROUP_MS = 3 * 60_000;

/** ``readSeq``: up to where the customer has read; it is said at our last words only, and only while they are the last. */
export function timeline(events: readonly Event[], notes: readonly Note[], pending: readonly Pending[], unreadAfter: number | null, readSeq = 0): Item[] {
  const items: Item[] = [];
  const marks = new Map<number, Mark>();
  for (const event of events)
    if (event.kind === "rating" && event.target_seq && event.helpful !== undefined)
      marks.set(event.target_seq, { helpful: event.helpful, comment: event.comment ?? "" });

  let note = 0;
  let dayEnds = Number.NEGATIVE_INFINITY;
  let dayBegins = Number.POSITIVE_INFINITY;
  let previous: Event | null = null;
  let previousAt = 0;
  const notesUpTo = (seq: number): void => {
    for (; note < notes.length && notes[note]!.after_seq <= seq; note += 1) {
      items.push({ type: "note", key: `n${notes[note]!.note_seq}`, note: notes[note]! });
      previous = null;
    }
  };

  // Notes that belong before the first event held wait until the earlier events are loaded.
  const base = (events[0]?.seq ?? 1) - 1;
  while (base > 0 && note < notes.length && notes[note]!.after_seq < base) note += 1;
  notesUpTo(base);
  for (const [index, event] of events.entries()) {
    const at = Date.parse(event.at);
    if (at >= dayEnds || at < dayBegins) {
      dayBegins = new Date(at).setHours(0, 0, 0, 0);
      dayEnds = nextMidnight(dayBegins);
      // Where earlier events are still to be loaded, the day may have begun among them: its line comes with them.
      if (index > 0 || event.seq === 1) items.push({ type: "day", key: `d${event.seq}`, at: event.at });
      previous = null;
    }
    if (unreadAfter !== null && event.seq === unreadAfter + 1) {
      items.push({ type: "unread", key: "unread" });
      previous = null;
    }
    if (event.kind === "message") {
      items.push({
        type: "message",
        key: `e${event.seq}`,
        event,
        first: !previous || at - previousAt >= GROUP_MS || !sameVoice(previous, event),
        mark: marks.get(event.seq) ?? null,
        chosen: chosen(event, events, index),
        read: false,
      });
      previous = event;
      previousAt = at;
    } else if (shownAsLine(event)) {
      items.push({ type: "line", key: `e${event.seq}`, event });
      previous = null;
    }
    notesUpTo(event.seq);
  }
  notesUpTo(Number.POSITIVE_INFINITY);
  const last = items.findLast((item) => item.type === "message");
  if (last?.type === "message" && last.event.actor.kind === "agent" && last.event.seq <= readSeq) last.read = true;
  for (const one of pending) items.push({ type: "pending", key: one.clientId, pending: one });
  return items;
}

/** One after the other by the same person stands under one name. */
function sameVoice(before: Event, event: Event): boolean {
  return before.actor.kind === event.actor.kind && before.actor.id === event.actor.id;
}

function nextMidnight(midnight: number): number {
  const day = new Date(midnight);
  return day.setDate(day.getDate() + 1); // not 24 hours later where clocks are put back
}

/** The label of the option that the customer picked from this message, if the next thing they said is one of them. */
function chosen(event: Event, events: readonly Event[], index: number): string | null {
  if (!event.options?.length) return null;
  for (let i = index + 1; i < events.length; i += 1) {
    const later = events[i]!;
    if (later.kind !== "message" || later.actor.kind !== "customer") continue;
    return event.options.find((option) => option.label === later.text)?.id ?? null;
  }
  return null;
}

function shownAsLine(event: Event): boolean {
  if (event.kind === "rating") return event.target_seq === undefined || event.target_seq === null;
  return event.kind === "state" || event.kind === "ticket"; // a redaction shows at its message; unknown kinds not at all
}
