/** What a quoted message shows, and what counts as a quote. */

import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Event } from "@yingda/shared/events";
import { excerptOf, quotes, speakerOf } from "../src/quote.ts";
import { loadWords, type Words } from "../src/words/words.ts";

let words: Words;
before(async () => {
  words = await loadWords("zh-CN");
});
const event = (more: Partial<Event>): Event => ({ conversation_id: "c", seq: 1, kind: "message", at: "2026-11-22T00:00:00Z", actor: { kind: "bot" }, ...more }) as Event;

test("marks and pictures are left out, a long text is cut at whole characters", () => {
  assert.equal(excerptOf(words, event({ text: "## 先看\n\n1. 打开 **项目**\n![菜单](/media/a.png)" })), "先看 1. 打开 项目");
  assert.equal([...excerptOf(words, event({ text: "😀".repeat(100) }))].length, 81);
});

test("a message without words is its file, one that was taken back says so", () => {
  assert.equal(excerptOf(words, event({ text: "", attachments: [{ url: "/x", name: "屏幕.png" }] })), "［附件］屏幕.png");
  assert.equal(excerptOf(words, event({ text: "", redacted: true })), "原消息已撤回");
});

test("people quote, the bot only answers", () => {
  assert.equal(quotes(event({ reply_to_seq: 1 })), false);
  assert.equal(quotes(event({ actor: { kind: "agent", name: "小林" }, reply_to_seq: 1 })), true);
  assert.equal(quotes(event({ actor: { kind: "customer" } })), false);
  assert.deepEqual(["bot", "customer", "agent"].map((kind) => speakerOf(words, event({ actor: { kind: kind as "bot", name: "小林" } }))), ["小应", "您", "小林"]);
});
