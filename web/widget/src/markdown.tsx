/** Renders the small subset of Markdown that answers use, as nodes; markup and scripts stay plain text, a foreign picture is its name. */

import { blocksOf, type Block } from "@yingda/shared/markdown";
import { fileUrl, namesVideo, opensBeside } from "@yingda/shared/uploads/files";
import type { ComponentChildren, VNode } from "preact";

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

export function Markdown({ text, reading }: { text: string; reading: Reading }) {
  return <div class="text">{blocksOf(text).map((block) => nodeOf(block, reading))}</div>;
}

function nodeOf(block: Block, reading: Reading): VNode {
  const lines = (texts: string[]) => texts.flatMap((line, at) => [at > 0 && <br />, ...inline(line, reading)]);
  switch (block.kind) {
    case "paragraph":
      return <p>{lines(block.lines)}</p>;
    case "quote":
      return <blockquote>{lines(block.lines)}</blockquote>;
    case "heading":
      return <h3>{inline(block.text, reading)}</h3>;
    case "code":
      return <pre tabIndex={0}>{block.text}</pre>;
    case "list": {
      const items = block.items.map((item) => <li>{lines(item)}</li>);
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case "table": {
      const row = (texts: string[], Cell: "th" | "td") => <tr>{block.head.map((_, at) => <Cell>{inline(texts[at] ?? "", reading)}</Cell>)}</tr>;
      return <div class="table" tabIndex={0}><table><thead>{row(block.head, "th")}</thead><tbody>{block.rows.map((texts) => row(texts, "td"))}</tbody></table></div>;
    }
  }
}
