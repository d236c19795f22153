/** What a text in Markdown is made of: paragraphs, headings, lists, tables, code and quotes. It knows no markup; the pages make nodes of it. */

type Lines = { kind: "paragraph" | "quote"; lines: string[] };
type List = { kind: "list"; ordered: boolean; start: number; items: string[][] };
type Table = { kind: "table"; head: string[]; rows: string[][] };
export type Block = Lines | List | Table | { kind: "heading" | "code"; text: string };

const ITEM = /^\s{0,3}(?:(\d{1,3})(?:[.)]\s+|[、）]\s*)|[-*]\s+|•\s*)(\S.*)$/;
const FENCE = /^\s{0,3}```/;
/** The line between a table's head and its rows. */
const RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

const cells = (line: string): string[] => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

/** A list goes on over the lines that belong to an item; a fence that is never closed goes on to the end. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  let open: Block | undefined; // what the next line may go on
  let blank = false;
  const begin = <B extends Block>(block: B): B => {
    blocks.push((open = block));
    return block;
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    const item = ITEM.exec(line);
    const after = lines[at + 1] ?? "";
    if (FENCE.test(line)) {
      const code: string[] = [];
      while (++at < lines.length && !FENCE.test(lines[at]!)) code.push(lines[at]!);
      begin({ kind: "code", text: code.join("\n") });
      open = undefined;
    } else if (item) {
      const ordered = item[1] !== undefined;
      const list = open?.kind === "list" && open.ordered === ordered ? open : begin<List>({ kind: "list", ordered, start: Number(item[1] ?? 1), items: [] });
      list.items.push([item[2] ?? ""]);
    } else if (!line.trim()) {
      if (open?.kind !== "list") open = undefined;
    } else if (open?.kind === "list" && (!blank || /^\s/.test(line))) {
      open.items.at(-1)!.push(line.trim());
    } else if (line.includes("|") && after.includes("|") && RULE.test(after)) {
      const table = begin<Table>({ kind: "table", head: cells(line), rows: [] });
      for (at += 1; lines[at + 1]?.includes("|"); at += 1) table.rows.push(cells(lines[at + 1]!));
      open = undefined;
    } else if (/^#{1,4}\s/.test(line)) {
      begin({ kind: "heading", text: line.replace(/^#+\s+/, "") });
      open = undefined;
    } else {
      const quoted = /^>\s?(?!\s*$)/.exec(line)?.[0];
      const kind = quoted ? "quote" : "paragraph";
      const block = open?.kind === kind ? open : begin<Lines>({ kind, lines: [] });
      block.lines.push(quoted ? line.slice(quoted.length) : line);
    }
    blank = !line.trim();
  }
  return blocks;
}

/** A text in one line, as somebody would say it: its words without the marks. */
export function spoken(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").split("\n").map((line) => (line.includes("|") && RULE.test(line) ? "" : line.replace(/^\s*\||\|\s*$/g, "")));
  return lines
    .join("\n")
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1")
    .replace(/^\s*(?:#{1,6}|>)\s+|\*\*|`+/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
