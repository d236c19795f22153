/** Lists: their order, rows that stay under a pointer, and addresses that hold what narrows them down. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation } from "../src/desk/conversation";
import { merged } from "../src/lists/steady";
import { Route } from "../src/route";
import { inOrder } from "../src/workbench/order";

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 22, 6, minute)).toISOString();
const one = (id: string, more: object = {}): Conversation => ({ id, since: null, unread: 0, lastAt: at(0), lastBy: "agent", clocks: [], events: [], ...more }) as unknown as Conversation;
const clock = (due: number, more: object = {}): object => ({ kind: "next_reply", due_at: at(due), soon_at: null, paused: false, breached: false, ...more });
const ids = (conversations: readonly Conversation[]): string[] => conversations.map(({ id }) => id);

test("Who waits for us comes first, the longest waiter on top; then the latest.", () => {
  const listed = one("listed", { lastBy: "customer", unread: 2 });
  assert.deepEqual(ids(inOrder([one("answered", { unread: 2, lastAt: at(9) }), listed])), ["listed", "answered"], "before its log is here");
  const all = [one("a", { lastAt: at(1) }), one("b", { since: at(9) }), one("c", { lastAt: at(5) }), one("d", { since: at(3) })];
  assert.deepEqual(ids(inOrder(all)), ["d", "b", "c", "a"]);
  assert.deepEqual(ids(inOrder(all, "latest")), ["c", "a", "b", "d"]);
});

test("By clock, what runs out first comes first; paused and absent clocks come last.", () => {
  const all = [one("none"), one("late", { clocks: [clock(-5)] }), one("paused", { clocks: [clock(1, { paused: true })] }), one("soon", { clocks: [clock(30), clock(2)] })];
  assert.deepEqual(ids(inOrder(all, "due")).slice(0, 2), ["late", "soon"]);
});

test("Under a pointer rows keep their places: the gone leave a gap, the new follow.", () => {
  const rows = (...keys: string[]) => keys.map((key) => ({ key, item: key, gone: false }));
  const held = merged(rows("a", "b", "c"), rows("d", "c", "a"));
  assert.deepEqual(held.map((row) => [row.key, row.gone]), [["a", false], ["b", true], ["c", false], ["d", false]]);
  assert.equal(merged(held, rows("b"))[1]!.gone, false, "what comes back stands where it stood");
});

function fakeWindow(hash: string): Window & { heard: () => void } {
  let heard = (): void => undefined;
  const location = { hash };
  return {
    location,
    history: { state: null, replaceState: (_: unknown, __: string, to: string) => (location.hash = to) },
    addEventListener: (_: string, handler: () => void) => (heard = handler),
    heard: () => heard(),
  } as unknown as Window & { heard: () => void };
}

test("An address holds the page, what is open and what narrows the list down.", () => {
  const window = fakeWindow("#/tickets/GD20261122-0001?status=&text=%E5%AF%BC%E5%87%BA");
  const route = new Route(window);
  assert.deepEqual({ ...route.at }, { page: "tickets", id: "GD20261122-0001", query: { status: "", text: "导出" } });
  assert.equal(route.to("tickets", "GD20261122-0002"), "#/tickets/GD20261122-0002?status=&text=%E5%AF%BC%E5%87%BA", "the list stays as it is");
  assert.equal(route.to("companies"), "#/companies", "another page begins anew");
  route.narrow({});
  assert.equal(window.location.hash, "#/tickets/GD20261122-0001");
});

test("A page that may not be left is not left.", () => {
  const window = fakeWindow("#/knowledge/a-1");
  const route = new Route(window);
  route.guard = () => false;
  window.location.hash = "#/tickets";
  window.heard();
  assert.equal(route.at.page, "knowledge");
  assert.equal(window.location.hash, "#/knowledge/a-1");
});
