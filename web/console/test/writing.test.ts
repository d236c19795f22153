// What stands behind the composer: mentions, canned replies that are asked for, what waits to be sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cannedAsked, replaced } from "../src/conversation/composer/typed";
import { askedAt, matching, piecesOf, stillMeant } from "../src/conversation/mentions";
import { found, targetsOf } from "../src/conversation/targets";
import type { Pending } from "../src/desk/timeline";
import { Unsent } from "../src/desk/unsent";

test("an @ asks for a colleague while a name is being written, an address of mail does not", () => {
  assert.deepEqual(askedAt("请 @小", 4), { from: 2, asked: "小" });
  assert.deepEqual(askedAt("＠", 1), { from: 0, asked: "" });
  assert.equal(askedAt("写给 ann@example.com", 18), null);
  assert.equal(askedAt("@小林 看看", 6), null);
  assert.equal(askedAt("@小林", 0), null);
});

test("who begins with the word comes before who has it inside", () => {
  const people = ["老王", "小王", "王工", "陈晨"].map((name) => ({ name }));
  assert.deepEqual(matching(people, "王").map((one) => one.name), ["王工", "老王", "小王"]);
  assert.equal(matching(people, "").length, 4);
});

test("only who is still named is meant, once", () => {
  const picked = [{ id: "a", name: "小林" }, { id: "b", name: "小陈" }, { id: "a", name: "小林" }];
  assert.deepEqual(stillMeant("@小林 看看", picked), ["a"]);
});

test("the longest name is the one that is mentioned", () => {
  const pieces = piecesOf("请@小林林 和@小林 看 @路人", [{ id: "a", name: "小林" }, { id: "b", name: "小林林" }]);
  assert.deepEqual(pieces.map((piece) => [piece.text, piece.id]), [["请", null], ["@小林林", "b"], [" 和", null], ["@小林", "a"], [" 看 @路人", null]]);
});

test("canned replies are asked for at the very start only", () => {
  assert.equal(cannedAsked("/kpzl"), "kpzl");
  assert.equal(cannedAsked("／"), "");
  assert.equal(cannedAsked("路径是 /home"), null);
  assert.equal(cannedAsked("/a\nb"), null);
});

test("what was chosen takes the place of what was typed", () => {
  assert.deepEqual(replaced("请 @小，谢谢", 2, 4, "@小林 "), { text: "请 @小林 ，谢谢", caret: 6 });
});

test("whoever is there is offered first for a transfer, and never oneself", () => {
  const agent = (id: string, name: string, status: "online" | "away" | "offline", accepting = true) =>
    ({ id, username: id, name, public_name: null, staff_number: "8" + id, roles: ["agent" as const], capacity: 3, disabled: false, status, accepting });
  const targets = targetsOf([agent("1", "甲", "offline"), agent("2", "乙", "online", false), agent("3", "丙", "online"), agent("4", "我", "online")], [{ id: "g", name: "账单", members: [] }], "4");
  assert.deepEqual(targets.map((one) => one.name), ["丙", "乙", "甲", "账单"]);
  assert.deepEqual(found(targets, "83").map((one) => one.name), ["丙"]);
});

test("what was not sent is kept over a reload, for a day, whatever stands in the storage", () => {
  const store = new Map<string, string>();
  const storage = { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, text: string) => void store.set(key, text), removeItem: (key: string) => void store.delete(key) } as unknown as Storage;
  let now = Date.parse("2026-11-22T09:00:00Z");
  const pending: Pending = { clientId: "1", kind: "reply", text: "您好", at: "2026-11-22T09:00:00Z", failed: "unavailable", storedSeq: null };
  new Unsent(storage, () => now).keep("c", pending);
  assert.deepEqual(new Unsent(storage, () => now).of("c").map((one) => [one.text, one.failed]), [["您好", null]]);
  assert.deepEqual(new Unsent(storage, () => now).of("other"), []);
  now += 25 * 3600_000;
  assert.deepEqual(new Unsent(storage, () => now).of("c"), []);
  store.set([...store.keys()][0]!, "{broken");
  assert.deepEqual(new Unsent(storage, () => now).of("c"), []);
});
