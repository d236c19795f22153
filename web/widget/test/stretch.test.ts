/** A long thread stands on the page in stretches. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { STRETCH, beginningOf, stretched } from "../src/stretch.ts";

const keys = (count: number) => Array.from({ length: count }, (_, at) => `k${at}`);

test("the end of the thread is shown first", () => {
  assert.equal(beginningOf(keys(10), undefined, true), 0);
  assert.equal(beginningOf(keys(2_000), undefined, true), 2_000 - STRETCH);
});

test("what the reader has called up stays, whatever comes in below and above", () => {
  assert.equal(beginningOf(keys(2_001), "k1500", false), 1_500);
  assert.equal(beginningOf(["earlier", ...keys(2_000)], "k1500", false), 1_501);
});

test("a talk that goes on does not grow without bounds", () => {
  const some = keys(1_000);
  const from = beginningOf(some, undefined, true);
  assert.equal(beginningOf(keys(1_000 + STRETCH), `k${from}`, true), from);
  assert.equal(beginningOf(keys(1_001 + STRETCH), `k${from}`, true), 1_001);
});

test("more above comes by the stretch, down to what is wanted", () => {
  assert.equal(stretched(500), 500 - STRETCH);
  assert.equal(stretched(20), 0);
  assert.equal(stretched(500, 30), 30);
  assert.equal(stretched(500, 700), 500);
});
