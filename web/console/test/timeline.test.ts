// What the middle column shows, in order: one name for a breath, a line for a day, notes at their places.

import assert from "node:assert/strict";
import { test } from "node:test";
import { timeline } from "../src/desk/timeline";
import type { Event, Note } from "../src/wire";

const ID = "0199aaaa-0000-7000-8000-000000000001";
const MORNING = new Date(2026, 10, 22, 9, 0).getTime();
const MINUTE = 60_000;

function said(seq: number, minutes: number, more: Partial<Event> = {}): Event {
  return { conversation_id: ID, seq, kind: "message", at: new Date(MORNING + minutes * MINUTE).toISOString(), actor: { kind: "customer", id: "c" }, text: `text ${seq}`, ...more } as Event;
}
const note = (note_seq: number, after_seq: number): Note =>
  ({ conversation_id: ID, note_seq, after_seq, at: new Date(MORNING).toISOString(), actor: { kind: "agent" }, text: "n", mentions: [], kind: "note" });
const kinds = (events: Event[], notes: Note[] = [], unreadAfter: number | null = null): string[] => timeline(events, notes, [], unreadAfter).map((item) => item.type);

test("what one person says within three minutes stands under one name", () => {
  const firsts = timeline([said(1, 0), said(2, 2), said(3, 6), said(4, 7, { actor: { kind: "bot" } })], [], [], null).flatMap((item) => (item.type === "message" ? [item.first] : []));
  assert.deepEqual(firsts, [true, false, true, true]);
});

test("each day begins with a line, also the one after midnight", () => {
  const midnight = 15 * 60;
  assert.deepEqual(kinds([said(1, 0), said(2, midnight - 1), said(3, midnight), said(4, midnight + 1)]), ["day", "message", "message", "day", "message", "message"]);
});

test("notes stand where they were written, the unread line before the first new message", () => {
  assert.deepEqual(kinds([said(1, 0), said(2, 1), said(3, 2)], [note(1, 1), note(2, 3)], 2), ["day", "message", "note", "message", "unread", "message", "note"]);
});

test("a note that belongs before what is loaded waits for it", () => {
  assert.deepEqual(kinds([said(41, 0), said(42, 1)], [note(1, 3), note(2, 41)]), ["message", "note", "message"]);
});

test("every row has a key of its own that stays when earlier ones are loaded", () => {
  const all = Array.from({ length: 60 }, (_, at) => said(at + 1, at * 90));
  const late = timeline(all.slice(30), [], [], null).map((item) => item.key);
  const keys = timeline(all, [], [], null).map((item) => item.key);
  assert.equal(new Set(keys).size, keys.length);
  for (const key of late) assert.ok(keys.includes(key));
});
