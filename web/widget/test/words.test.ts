/** Every language says everything, in its own letters, and leaves out nothing that it was given. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { tagOf } from "../src/words/tags.ts";
import { loadWords } from "../src/words/words.ts";

const TAGS = ["zh-CN", "zh-TW", "en", "ja", "es"] as const;
const SIMPLIFIED = /[们这说问题请输发还会时间单转经设应该进对话务见给继续评价谢样开关闭图页]/;
/** Of what functions are given, these say something else than the value itself. */
const SPOKEN = /^(queue|minutes|day|dayOfYear|moment|sources)\b/;

function* phrases(value: unknown, path = ""): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) yield [path, value];
  else for (const [key, inner] of Object.entries(value)) yield* phrases(inner, path ? `${path}.${key}` : key);
}

for (const tag of TAGS) {
  test(`${tag} says everything in its own letters`, async () => {
    const words = await loadWords(tag);
    assert.equal(words.tag, tag);
    for (const [path, phrase] of phrases(words)) {
      const said = typeof phrase === "function" ? String(phrase("7", "8")) : String(phrase);
      assert.ok(said.trim(), `${path} is empty`);
      if (tag === "en" || tag === "es") assert.doesNotMatch(said, /\p{Script=Han}/u, path);
      if (tag === "zh-TW" || tag === "ja") assert.doesNotMatch(said, tag === "ja" ? /[们这说请输发还间单转进话务见给评谢]/ : SIMPLIFIED, path);
      if (typeof phrase === "function" && phrase.length > 0 && !SPOKEN.test(path)) assert.match(said, /7/, path);
    }
  });
}

test("a locale means one of our languages, the first that does", () => {
  assert.equal(tagOf("zh-Hant-HK"), "zh-TW");
  assert.equal(tagOf("zh_TW"), "zh-TW");
  assert.equal(tagOf("zh"), "zh-CN");
  assert.equal(tagOf("en-GB"), "en");
  assert.equal(tagOf("es-419"), "es");
  assert.equal(tagOf(undefined, "", "fr-FR", "ja"), "ja");
  assert.equal(tagOf("fr"), "en");
  assert.equal(tagOf("estonian"), "en");
  assert.equal(tagOf(null), "zh-CN");
});
