/** The log: sorted, gapless, healed by sync, true to the server's answer. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../src/events.ts";
import { Log, type LogPage } from "../src/log.ts";

const ID = "0199aaaa-0000-7000-8000-000000000001";
const said = (seq: number, more: Partial<Event> = {}): Event => ({
  conversation_id: ID, seq, kind: "message", at: "2026-11-22T06:00:00Z", actor: { kind: "agent" }, text: `text ${seq}`, ...more,
});
const seqs = (log: Log) => log.events.map((event) => event.seq);

/** A server that answers sync from its own log, `size` events a page. */
function serverOf(events: Event[], size = 200) {
  const asked: number[] = [];
  const fetchPage = async (after: number): Promise<LogPage> => {
    asked.push(after);
    if (after > events.length) throw Object.assign(new Error("cursor"), { code: "conflict" });
    const rest = events.slice(after);
    return { events: rest.slice(0, size), more: rest.length > size, last_seq: events.length, state: "bot" };
  };
  return { fetchPage, asked };
}

test("events that overtake each other or repeat come out once and in order", () => {
  const log = new Log(ID, serverOf([]).fetchPage);
  for (const seq of [1, 3, 2, 2, 1, 4]) log.insert(said(seq));
  assert.deepEqual(seqs(log), [1, 2, 3, 4]);
});

test("nothing behind a gap is shown, and the gap is asked for by cursor", async () => {
  const server = serverOf([1, 2, 3, 4].map((seq) => said(seq)));
  const log = new Log(ID, server.fetchPage, { patience: 1 });
  log.insert(said(1));
  log.insert(said(4));
  assert.deepEqual(seqs(log), [1]);
  await new Promise((resume) => setTimeout(resume, 20));
  assert.deepEqual(seqs(log), [1, 2, 3, 4]);
  assert.deepEqual(server.asked, [1]);
});

test("sync goes on until there is no more", async () => {
  const server = serverOf(Array.from({ length: 950 }, (_, at) => said(at + 1)));
  const log = new Log(ID, server.fetchPage);
  await Promise.all([log.sync(), log.sync()]);
  assert.equal(log.lastSeq, 950);
  assert.deepEqual(server.asked, [0, 200, 400, 600, 800]);
});

test("a server whose log is shorter than ours is believed", async () => {
  const log = new Log(ID, serverOf([said(1, { text: "restored" })]).fetchPage);
  for (const seq of [1, 2, 3]) log.insert(said(seq));
  await log.sync();
  assert.deepEqual(log.events.map((event) => event.text), ["restored"]);
});

test("a message taken back loses its text and keeps its place", () => {
  const log = new Log(ID, serverOf([]).fetchPage);
  log.insert(said(1));
  log.insert(said(2, { kind: "redact", target_seq: 1 }));
  assert.equal(log.events[0]?.text, "");
  assert.equal(log.events[0]?.redacted, true);
});

test("the state is the one of the highest seq, whatever comes first", () => {
  const log = new Log(ID, serverOf([]).fetchPage);
  log.insert(said(3, { kind: "state", state: "closed" }));
  log.insert(said(1, { kind: "state", state: "waiting" }));
  log.insert(said(2, { kind: "state", state: "human" }));
  assert.equal(log.state, "closed");
});

test("a log that starts late loads what lies before", async () => {
  const server = serverOf(Array.from({ length: 300 }, (_, at) => said(at + 1)));
  const log = new Log(ID, server.fetchPage, { after: 250 });
  await log.sync();
  assert.equal(log.events[0]?.seq, 251);
  await log.loadEarlier(100);
  assert.equal(log.events[0]?.seq, 151);
  assert.equal(log.events.length, 150);
  assert.equal(log.hasEarlier, true);
});

test("events of another conversation are refused", () => {
  const log = new Log(ID, serverOf([]).fetchPage);
  log.insert(said(1, { conversation_id: "0199aaaa-0000-7000-8000-000000000002" }));
  assert.deepEqual(seqs(log), []);
});

test("ten thousand events that arrive one by one cost as much each as the first ones", () => {
  const log = new Log(ID, serverOf([]).fetchPage);
  for (let seq = 1; seq <= 10_000; seq += 1) log.insert(said(seq));
  assert.equal(log.lastSeq, 10_000);
  assert.equal(log.events, log.events); // nobody copies what has not changed
  const shown = log.events;
  log.insert(said(10_001));
  assert.notEqual(log.events, shown);
  assert.equal(shown.length, 10_000);
  assert.equal(log.at(4321)?.text, "text 4321");
});

test("a message taken back before its own log page comes is empty all the same", async () => {
  const events = [said(1), said(2), said(3, { kind: "redact", target_seq: 2 })];
  const log = new Log(ID, serverOf(events).fetchPage);
  log.insert(said(2));
  log.insert(said(3, { kind: "redact", target_seq: 2 }));
  await log.sync();
  assert.equal(log.at(2)?.redacted, true);
});
