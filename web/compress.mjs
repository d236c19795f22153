// Packs what was built, once and thoroughly, beside each file: the server hands out what the browser can unpack.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [part] = process.argv.slice(2);
const folder = join(import.meta.dirname, "dist", part);
for (const name of readdirSync(folder, { recursive: true })) {
  if (!/\.(?:js|css|html|svg)$/.test(name)) continue;
  const file = join(folder, name);
  const text = readFileSync(file);
  if (text.length < 1024) continue;
  writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }));
}
