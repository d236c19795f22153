/** The outbox: order, one client_id for all tries, what is tried again and what is given up. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { RequestError, type ChatConnection } from "@yingda/shared/socket";
import type { CustomerSendMessage } from "@yingda/shared/events";
import { Outbox } from "../src/outbox.ts";

const kept = new Map<string, string>();
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  },
});
beforeEach(() => kept.clear());

type Answer = (payload: CustomerSendMessage) => Promise<unknown>;
const outboxWith = (answer: Answer) => {
  const sent: CustomerSendMessage[] = [];
  const connection = { emit: (_: string, payload: CustomerSendMessage) => (sent.push(payload), answer(payload)) };
  const outbox = new Outbox(connection as unknown as ChatConnection, () => undefined, () => undefined, 1);
  return { outbox, sent };
};
const soon = () => new Promise((resume) => setTimeout(resume, 30));

test("a message waits until the one before it is stored", async () => {
  let release = () => undefined as void;
  const { outbox, sent } = outboxWith((payload) => (payload.text === "甲" ? new Promise<void>((resume) => (release = resume)) : Promise.resolve()));
  outbox.add("甲");
  outbox.add("乙");
  await soon();
  assert.deepEqual(sent.map((one) => one.text), ["甲"]);
  release();
  await soon();
  assert.deepEqual(sent.map((one) => one.text), ["甲", "乙"]);
});

test("what the server could not store now is sent again under the same id", async () => {
  let tries = 0;
  const { outbox, sent } = outboxWith(async () => {
    if ((tries += 1) < 3) throw new RequestError("unavailable", "later");
  });
  outbox.add("甲");
  while (outbox.letters[0]?.status !== "sent") await soon(); // between two tries it waits
  assert.equal(tries, 3);
  assert.equal(new Set(sent.map((one) => one.client_id)).size, 1);
});

test("what the server refuses fails at once, and does not hold up the next", async () => {
  const { outbox } = outboxWith(async ({ text }) => {
    if (text === "甲") throw new RequestError("invalid", "no");
  });
  outbox.add("甲");
  outbox.add("乙");
  await soon();
  assert.deepEqual(outbox.letters.map((letter) => letter.status), ["failed", "sent"]);
});

test("a reload finds what was not stored, with its id, and nothing else", async () => {
  const first = outboxWith(async ({ text }) => {
    if (text !== "甲") await new Promise(() => undefined);
  });
  first.outbox.add("甲");
  first.outbox.add("乙");
  await soon();
  const second = outboxWith(async () => undefined);
  assert.deepEqual(second.outbox.letters.map((letter) => letter.text), ["乙"]);
  await second.outbox.deliver();
  assert.equal(second.sent[0]?.client_id, first.sent[1]?.client_id);
});

test("two tabs keep each other's letters, and what one has sent the other sends no more", async () => {
  const stuck = () => new Promise<void>(() => undefined);
  const first = outboxWith(stuck);
  first.outbox.add("甲");
  const second = outboxWith(stuck);
  second.outbox.add("乙");
  const texts = () => (JSON.parse(kept.get("yingda.outbox")!) as { text: string }[]).map((letter) => letter.text);
  assert.deepEqual(second.outbox.letters.map((letter) => letter.text), ["甲", "乙"]);
  first.outbox.add("丙");
  assert.deepEqual(texts().sort(), ["丙", "乙", "甲"].sort());
  first.outbox.remove(first.outbox.letters[0]!.client_id);
  assert.deepEqual(texts().sort(), ["丙", "乙"].sort());
});

test("a quote that points into an ended conversation is left out, the words are not", async () => {
  const { outbox, sent } = outboxWith(async ({ reply_to_seq }) => {
    if (reply_to_seq) throw new RequestError("invalid", "no such place");
  });
  outbox.add("甲", { reply_to_seq: 7, conversation_id: "c" });
  await soon();
  assert.equal(outbox.letters[0]?.status, "sent");
  assert.equal(sent.length, 2);
});
