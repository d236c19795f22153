// What the middle column shows, in order: the log, the notes at their places, day lines; pure, so it can be tested.
import type { Event, Note } from "../wire";
import { dayOf } from "../wording/time";

export interface Pending {
  clientId: string;
  kind: "reply" | "note";
  text: string;
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
  | { type: "message"; key: string; event: Event; first: boolean; mark: Mark | null; chosen: string | null }
  | { type: "line"; key: string; event: Event }
  | { type: "note"; key: string; note: Note }
  | { type: "pending"; key: string; pending: Pending };

const GROUP_MS = 3 * 60_000;

export function timeline(events: readonly Event[], notes: readonly Note[], pending: readonly Pending[], unreadAfter: number | null): Item[] {
  const items: Item[] = [];
  const marks = new Map<number, Mark>();
  for (const event of events)
    if (event.kind === "rating" && event.target_seq && event.helpful !== undefined)
      marks.set(event.target_seq, { helpful: event.helpful, comment: event.comment ?? "" });

  let note = 0;
  let day = "";
  let previous: Event | null = null;
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
    if (dayOf(event.at) !== day) {
      day = dayOf(event.at);
      items.push({ type: "day", key: `d${day}`, at: event.at });
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
        first: !previous || !sameBreath(previous, event),
        mark: marks.get(event.seq) ?? null,
        chosen: chosen(event, events, index),
      });
      previous = event;
    } else if (shownAsLine(event)) {
      items.push({ type: "line", key: `e${event.seq}`, event });
      previous = null;
    }
    notesUpTo(event.seq);
  }
  notesUpTo(Number.POSITIVE_INFINITY);
  for (const one of pending) items.push({ type: "pending", key: one.clientId, pending: one });
  return items;
}

function sameBreath(before: Event, event: Event): boolean {
  return (
    before.actor.kind === event.actor.kind &&
    before.actor.id === event.actor.id &&
    Date.parse(event.at) - Date.parse(before.at) < GROUP_MS
  );
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
