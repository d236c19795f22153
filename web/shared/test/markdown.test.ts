/** What a text in Markdown is made of; the pages' own tests hold what becomes of it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksOf, spoken } from "../src/markdown.ts";

test("a table is a head, a rule and rows; bars alone make none", () => {
  const [table, end] = blocksOf("| 角色 | 导出 |\n| --- | :-: |\n| 成员 | 需授权 |\n| 访客\n\n完");
  assert.deepEqual(table, { kind: "table", head: ["角色", "导出"], rows: [["成员", "需授权"], ["访客"]] });
  assert.deepEqual(end, { kind: "paragraph", lines: ["完"] });
  for (const text of ["a | b\nc | d", "甲|乙", "| 一 |\n二"]) assert.deepEqual(blocksOf(text), [{ kind: "paragraph", lines: text.split("\n") }]);
});

test("what stands between fences is left as it is, to the end where none closes", () => {
  assert.deepEqual(blocksOf("```json\n{\n  \"a\": **1**\n\n}\n```\n好"), [
    { kind: "code", text: '{\n  "a": **1**\n\n}' },
    { kind: "paragraph", lines: ["好"] },
  ]);
  assert.deepEqual(blocksOf("```\n1. 一"), [{ kind: "code", text: "1. 一" }]);
});

test("quotes and headings stand by themselves, a lone mark is text", () => {
  assert.deepEqual(blocksOf("# 步骤\n> 先刷新\n> 再试\n好 > 坏\n>"), [
    { kind: "heading", text: "步骤" },
    { kind: "quote", lines: ["先刷新", "再试"] },
    { kind: "paragraph", lines: ["好 > 坏", ">"] },
  ]);
});

test("in one line only the words are left", () => {
  assert.equal(spoken("## 先看\n| 角色 | 导出 |\n| --- | --- |\n| 成员 | **需授权** |\n> 见 [说明](https://x.example) ![图](/media/a.png) `a`"), "先看 角色 | 导出 成员 | 需授权 见 说明 图 a");
});
