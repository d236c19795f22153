// Runs the unit tests of the workspaces: bundles every *.test.ts(x) with the builder that is here anyway, then node --test.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "vite";

const here = import.meta.dirname;
const found = (folder) => readdirSync(join(here, folder), { recursive: true }).map((name) => join(here, folder, String(name)));
const tests = ["shared/test", "widget/test", "console/test"].flatMap(found).filter((name) => /\.test\.tsx?$/.test(name));
const out = mkdtempSync(join(tmpdir(), "yingda-web-test-"));
try {
  for (const test of tests) {
    await build({
      root: here,
      configFile: false,
      logLevel: "error",
      oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      ssr: { noExternal: true },
      build: { ssr: test, outDir: out, emptyOutDir: false, rolldownOptions: { output: { entryFileNames: `${basename(test)}.mjs` } } },
    });
  }
  const files = readdirSync(out).filter((name) => name.endsWith(".test.ts.mjs") || name.endsWith(".test.tsx.mjs"));
  const run = spawnSync(process.execPath, ["--test", ...files.map((name) => join(out, name))], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true });
}
