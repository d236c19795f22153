/** Renders the small subset of Markdown that answers use, as nodes; markup and scripts stay plain text, a foreign picture is its name. */

import { fileUrl, namesVideo, opensBeside } from "@yingda/shared/uploads/files";
import type { ComponentChildren, VNode } from "preact";

const ITEM = /^\s{0,3}(?:(\d{1,3})(?:[.)]\s+|[、）]\s*)|[-*]\s+|•\s*)(\S.*)$/;
const INLINE = /\*\*([^*\n]+)\*\*|`([^`\n]+)`|\[!\[([^\]\n]*)\]\(([^\s)]*)\)\]\(([^\s)]+)\)|!\[([^\]\n]*)\]\(([^\s)]*)\)|[〔“「]([^〔〕“”「」\n]{1,24})[〕”」]|\[([^\]\n]+)\]\((https?:\/\/[^\s()<>"']+)\)|(https?:\/\/[^\s()<>"'`*，。；：、！？（）【】《》“”〔〕]+)/g;

export interface Reading {
  /** Shows a picture of an answer. */
  picture: (url: string, name: string) => VNode;
  /** Plays a video, or leads to it; the poster is one of the desk's own pictures. */
  video: (url: string, name: string, poster?: string) => VNode;
  /** The node for 〔label〕, “label” or 「label」, where the label is something one can press. */
  action?: (label: string) => VNode | undefined;
}

/** A picture's address, only when it is one of the desk's own files. */
export const mediaUrl = fileUrl;

export function inline(text: string, reading: Reading): ComponentChildren[] {
  const nodes: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, code, film, poster, reel, name, url, label, title, target, bare] = match;
    const video = reel ?? url;
    const plays = video !== undefined && namesVideo(video) && opensBeside(video);
    const safe = url === undefined ? undefined : mediaUrl(url);
    const node =
      bold !== undefined ? <strong>{bold}</strong>
      : code !== undefined ? <code>{code}</code>
      : plays ? reading.video(video, film ?? name ?? "", mediaUrl(poster ?? ""))
      : reel !== undefined ? inline(`![${film}](${poster})`, reading)
      : safe ? reading.picture(safe, name ?? "")
      : label !== undefined ? reading.action?.(label)
      : url !== undefined ? (name || url)
      : target !== undefined ? <Link to={target}>{title}</Link>
      : bare !== undefined ? <Link to={bare}>{bare}</Link>
      : undefined;
    if (!node) continue;
    nodes.push(text.slice(end, match.index), node);
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

/** Leads out of the chat, into a page of its own that knows nothing of this one. */
function Link({ to, children }: { to: string; children: ComponentChildren }) {
  return <a href={to} target="_blank" rel="noopener noreferrer nofollow">{children}</a>;
}

interface List {
  ordered: boolean;
  start: number;
  items: string[];
}

/** Paragraphs and lists; a list goes on over the lines that belong to an item. */
export function Markdown({ text, reading }: { text: string; reading: Reading }) {
  const blocks: VNode[] = [];
  let lines: string[] = [];
  let list: List | undefined;
  const endParagraph = () => {
    if (lines.length) blocks.push(<p key={blocks.length}>{lines.flatMap((line, at) => [at > 0 && <br />, ...inline(line, reading)])}</p>);
    lines = [];
  };
  const endList = () => {
    if (!list) return;
    const items = list.items.map((item, at) => <li key={at}>{item.split("\n").flatMap((line, n) => [n > 0 && <br />, ...inline(line, reading)])}</li>);
    blocks.push(list.ordered ? <ol key={blocks.length} start={list.start}>{items}</ol> : <ul key={blocks.length}>{items}</ul>);
    list = undefined;
  };
  let blank = false;
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const item = ITEM.exec(line);
    if (item) {
      endParagraph();
      const ordered = item[1] !== undefined;
      if (list && list.ordered !== ordered) endList();
      list ??= { ordered, start: Number(item[1] ?? 1), items: [] };
      list.items.push(item[2] ?? "");
    } else if (!line.trim()) {
      endParagraph();
    } else if (list && (!blank || /^\s/.test(line))) {
      list.items[list.items.length - 1] += `\n${line.trim()}`;
    } else {
      endList();
      lines.push(line.replace(/^#{1,4}\s+/, ""));
    }
    blank = !line.trim();
  }
  endParagraph();
  endList();
  return <div class="text">{blocks}</div>;
}
