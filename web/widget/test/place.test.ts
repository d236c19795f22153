/** A place in line only gets better on the page. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { moved } from "../src/place.ts";

test("neither the number nor the range rises", () => {
  let place = moved(undefined, { position: 3, eta: [180, 300] });
  place = moved(place, { position: 5, eta: [600, 900] });
  assert.deepEqual([place.position, place.eta], [3, [180, 300]]);
  place = moved(place, { position: 1, eta: [60, 120] });
  assert.deepEqual([place.position, place.eta], [1, [60, 120]]);
});

test("that it takes longer is said once and stays said", () => {
  const place = moved(moved({ position: 2, eta: [60, 120], slower: undefined, keepMinutes: 10 }, { slower: [480, 600] }), { position: 2 });
  assert.deepEqual(place, { position: 2, eta: [60, 120], slower: [480, 600], keepMinutes: 10 });
});

test("a line in which nobody can be counted has no number", () => {
  assert.equal(moved(undefined, {}).position, undefined);
});
