/** One thread out of many logs. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "@yingda/shared/events";
import { ratingOf, rowsOf, ticketRatings } from "../src/thread.ts";

const event = (seq: number, minute: number, more: Partial<Event>): Event => ({
  conversation_id: "a", seq, kind: "message", at: new Date(Date.UTC(2026, 10, 22, 6, minute)).toISOString(), actor: { kind: "bot" }, text: "", ...more,
});
const none = { letters: [], greetAfter: null, greetedAt: "2026-11-22T06:00:00Z" };

test("a time line stands where five minutes went by", () => {
  const events = [event(1, 0, {}), event(2, 2, {}), event(3, 9, {})];
  assert.deepEqual(rowsOf({ ...none, conversations: [{ id: "a", events }] }).map((row) => row.type), ["time", "message", "message", "time", "message"]);
});

test("a message on its way is shown once, also when its event is already there", () => {
  const events = [event(1, 0, { actor: { kind: "customer" }, client_id: "c1" })];
  const letters = ["c1", "c2"].map((client_id) => ({ client_id, text: "", at: "2026-11-22T06:01:00Z", status: "sending" as const }));
  assert.deepEqual(rowsOf({ ...none, letters, conversations: [{ id: "a", events }] }).map((row) => row.key), ["ta.1", "c1", "c2"]);
});

test("only a human's service is rated, and the last word counts", () => {
  const closed = event(3, 2, { kind: "state", state: "closed", reason: "resolved" });
  assert.equal(ratingOf([event(1, 0, {}), closed]), undefined);
  const events = [event(1, 0, { actor: { kind: "agent", name: "小林" } }), closed, event(4, 3, { kind: "rating", resolved: true }), event(5, 3, { kind: "rating", csat: 2 }), event(6, 4, { kind: "rating", csat: 5 })];
  assert.deepEqual(ratingOf(events), { agentName: "小林", closedAt: closed.at, resolved: true, csat: 5, commented: false });
  const { reason: _, ...withoutReason } = closed;
  assert.equal(ratingOf([events[0]!, withoutReason]), undefined);
});

test("the agent may ask before the end, and the card goes to the end with it", () => {
  const said = event(1, 0, { actor: { kind: "agent", name: "小林" } });
  assert.equal(ratingOf([said]), undefined);
  const asked = [said, event(2, 1, { actor: { kind: "system" }, buttons: ["rate"] }), event(3, 2, { actor: { kind: "customer" } })];
  assert.equal(ratingOf(asked)?.closedAt, undefined);
  assert.deepEqual(rowsOf({ ...none, conversations: [{ id: "a", events: asked }] }).map((row) => row.type), ["time", "message", "message", "rating", "message"]);
  const ended = [...asked, event(4, 3, { kind: "state", state: "closed", reason: "resolved" })];
  assert.deepEqual(rowsOf({ ...none, conversations: [{ id: "a", events: ended }] }).map((row) => row.type), ["time", "message", "message", "message", "line", "rating"]);
});

test("a ticket is rated apart where it is closed and not opened again", () => {
  const ticket = (seq: number, minute: number, status: string) => event(seq, minute, { kind: "ticket", number: "GD1", status });
  const closed = [ticket(1, 0, "new"), ticket(2, 1, "closed"), event(3, 2, { kind: "rating", csat: 4, number: "GD1" }), event(4, 2, { kind: "rating", csat: 1 })];
  assert.deepEqual(ticketRatings(closed).map((one) => [one.ticket, one.csat]), [["GD1", 4]]);
  assert.deepEqual(ticketRatings([...closed, ticket(5, 3, "open")]), []);
});
