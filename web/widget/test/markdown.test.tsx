/** The subset of Markdown: what becomes a node, and that nothing else does. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentChildren, VNode } from "preact";
import { Markdown, inline, mediaUrl, type Reading } from "../src/markdown.tsx";

const reading: Reading = {
  picture: (url, name) => <img src={url} alt={name} />,
  video: (url) => <video src={url} />,
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

test("a table has as many cells in each row as its head, and what stands in them is text", () => {
  const row = (cell: string, ...texts: string[]) => `<tr>${texts.map((text) => `<${cell}>${text}</${cell}>`).join("")}</tr>`;
  assert.equal(
    read("| 角色 | **导出** |\n| --- | --- |\n| <b>成员 |\n| 甲 | 乙 | 丙 |"),
    `<div><table><thead>${row("th", "角色", "<strong>导出</strong>")}</thead><tbody>${row("td", "&lt;b>成员", "")}${row("td", "甲", "乙")}</tbody></table></div>`,
  );
  assert.equal(read("```\n<img src=x> **a**\n```\n> 先刷新"), "<pre>&lt;img src=x> **a**</pre><blockquote>先刷新</blockquote>");
});

test("numbers and minus signs in a sentence are no list", () => {
  assert.equal(read("2026 年\n1.5 天\n-1 表示不限"), "<p>2026 年<br></br>1.5 天<br></br>-1 表示不限</p>");
});

test("markup and links that run something stay text", () => {
  for (const text of ["<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](data:text/html,x)", "[a](/api/v1)"]) {
    assert.equal(read(text), `<p>${text.replaceAll("<", "&lt;")}</p>`);
  }
});

test("a foreign picture is its name, or its address", () => {
  for (const url of ["https://evil.example/x.png", "//evil.example/media/x.png", "/media/../api/v1", "javascript:x"]) {
    assert.equal(read(`看 ![图](${url})`), "<p>看 图</p>");
  }
  assert.equal(read("![](//evil.example/x.png)"), "<p>//evil.example/x.png</p>");
});

test("only http addresses are links, without what surrounds them", () => {
  const linked = (text: string) =>
    inline(text, reading).filter((node): node is VNode<{ to: string }> => typeof node === "object" && node !== null && "props" in node).map((node) => node.props.to);
  assert.deepEqual(linked("见 [帮助](https://help.example/a?b=1) 或 https://x.example/q，谢谢"), ["https://help.example/a?b=1", "https://x.example/q"]);
  assert.deepEqual(linked("ftp://x.example [a](vbscript:x) <a href='https://evil.example'>x</a>"), ["https://evil.example"]);
});

test("a video is written like a picture, or as a picture that leads to it", () => {
  assert.equal(read("看 ![导出](/media/a.mp4)"), "<p>看 <video src=/media/a.mp4></video></p>");
  assert.equal(read("[![导出](/media/a.png)](/media/a.webm)"), "<p><video src=/media/a.webm></video></p>");
  assert.equal(read("[![图](/media/a.png)](https://x.example/q)"), "<p><img src=/media/a.png></img></p>");
  assert.equal(read("![x](javascript:alert(1)//.mp4)"), "<p>x//.mp4)</p>");
  assert.equal(read("[![x](//evil.example/p.png)](//evil.example/a.mp4)"), "<p>x</p>");
});

test("the desk's own pictures are shown", () => {
  assert.equal(read("看 ![菜单](/media/a.png)"), "<p>看 <img src=/media/a.png></img></p>");
  assert.equal(mediaUrl("/media/a.png"), "/media/a.png");
  assert.equal(mediaUrl("https://evil.example/media/a.png"), undefined);
});

test("〔转人工〕 is a button, other brackets stay", () => {
  assert.equal(read("点〔转人工〕或“转人工”、「转人工」，不是〔别的〕"), "<p>点<button>转人工</button>或<button>转人工</button>、<button>转人工</button>，不是〔别的〕</p>");
});
