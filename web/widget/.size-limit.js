// The weights that embedding sites were promised, over what a page really loads: the builder's own list of files.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const dist = join(import.meta.dirname, "../dist/widget");
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));

/** What a module needs before it runs: itself, its styles, and whatever it imports. */
function needed(module, found = new Set()) {
  const { file, css = [], imports = [] } = manifest[module];
  found.add(file);
  for (const sheet of css) found.add(sheet);
  for (const other of imports) if (!found.has(manifest[other].file)) needed(other, found);
  return found;
}

const words = Object.keys(manifest).filter((module) => module.startsWith("src/words/"));
const opened = words.map((language) => ({
  name: `opened widget, ${language.slice("src/words/".length, -".ts".length)}`,
  path: ["index.html", ...needed("index.html"), ...needed(language)].map((file) => join(dist, file)),
  limit: "60 KB",
  gzip: true,
}));

export default [{ name: "loader", path: join(dist, "widget.js"), limit: "5 KB", gzip: true }, ...opened];
