/** Enter sends; the Enter that confirms a candidate never does. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Composition } from "../src/ime.ts";

const enter = { key: "Enter", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, keyCode: 13, timeStamp: 1_000 };

test("Enter sends, Shift+Enter does not", () => {
  const composition = new Composition();
  assert.equal(composition.sends(enter), true);
  assert.equal(composition.sends({ ...enter, shiftKey: true }), false);
});

test("Chrome: the key is reported inside the composition", () => {
  const composition = new Composition();
  composition.start();
  assert.equal(composition.sends({ ...enter, isComposing: true, keyCode: 229 }), false);
});

test("old input methods report only key code 229", () => {
  assert.equal(new Composition().sends({ ...enter, keyCode: 229 }), false);
});

test("Safari: the composition ends first, the key follows at once; the next Enter sends", () => {
  const composition = new Composition();
  composition.start();
  composition.end({ timeStamp: 1_000 });
  assert.equal(composition.sends({ ...enter, timeStamp: 1_004 }), false);
  assert.equal(composition.sends({ ...enter, timeStamp: 1_400 }), true);
});
