// Holds the weights that embedding sites were promised: what the browser loads, gzipped.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist/widget");
const weight = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** Every asset that a page names, and the page itself. */
function filesOf(page) {
  const html = readFileSync(join(dist, page), "utf8");
  const named = [...html.matchAll(/(?:src|href)="\/widget\/([^"]+)"/g)].map((match) => match[1]);
  return [page, ...named.filter((file) => file !== "widget.js")];
}

const budgets = [
  ["loader widget.js", ["widget.js"], 5 * 1024],
  ["chat page", filesOf("index.html"), 60 * 1024],
];
let over = false;
for (const [name, files, limit] of budgets) {
  const bytes = files.reduce((sum, file) => sum + weight(file), 0);
  over ||= bytes > limit;
  console.log(`${bytes > limit ? "too heavy" : "ok"}  ${name}: ${(bytes / 1024).toFixed(1)} KB of ${limit / 1024} KB gzip`);
}
process.exit(over ? 1 : 0);
