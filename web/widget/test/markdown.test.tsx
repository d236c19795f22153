/** The subset of Markdown: what becomes a node, and that nothing else does. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentChildren, VNode } from "preact";
import { Markdown, mediaUrl, type Reading } from "../src/markdown.tsx";

const reading: Reading = {
  picture: (url, name) => <img src={url} alt={name} />,
  action: (label) => (label === "转人工" ? <button>{label}</button> : undefined),
};

/** The nodes as short HTML, text escaped by nothing: a tag in the result is a node. */
function html(node: ComponentChildren): string {
  if (node === null || node === undefined || typeof node === "boolean") return "";
  if (Array.isArray(node)) return node.map(html).join("");
  if (typeof node !== "object") return String(node).replaceAll("<", "&lt;");
  const { type, props } = node as VNode<{ children?: ComponentChildren; src?: string; start?: number }>;
  const src = props.src ? ` src=${props.src}` : "";
  return `<${String(type)}${src}>${html(props.children)}</${String(type)}>`;
}
const read = (text: string) => html(Markdown({ text, reading }).props.children as ComponentChildren);

test("steps become a list that keeps bold words", () => {
  assert.equal(read("先看：\n\n1. 打开 **项目**\n2. 点 `导出`"), "<p>先看：</p><ol><li>打开 <strong>项目</strong></li><li>点 <code>导出</code></li></ol>");
});

test("an empty line between steps does not begin a new list", () => {
  assert.equal(read("1. 一\n\n2. 二"), "<ol><li>一</li><li>二</li></ol>");
});

test("numbers and minus signs in a sentence are no list", () => {
  assert.equal(read("2026 年\n1.5 天\n-1 表示不限"), "<p>2026 年<br></br>1.5 天<br></br>-1 表示不限</p>");
});

test("markup, links and foreign pictures stay text", () => {
  for (const text of ["<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![x](https://evil.example/x.png)", "![x](//evil.example/media/x.png)", "![x](/media/../api/v1)"]) {
    assert.equal(read(text), `<p>${text.replaceAll("<", "&lt;")}</p>`);
  }
});

test("the desk's own pictures are shown", () => {
  assert.equal(read("看 ![菜单](/media/a.png)"), "<p>看 <img src=/media/a.png></img></p>");
  assert.equal(mediaUrl("/media/a.png"), "/media/a.png");
  assert.equal(mediaUrl("https://evil.example/media/a.png"), undefined);
});

test("〔转人工〕 is a button, other brackets stay", () => {
  assert.equal(read("点〔转人工〕或“转人工”，不是〔别的〕"), "<p>点<button>转人工</button>或<button>转人工</button>，不是〔别的〕</p>");
});
