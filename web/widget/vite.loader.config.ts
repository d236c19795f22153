import { defineConfig } from "vite";

// The loader: one classic script with a fixed name, beside the pages.
export default defineConfig({
  base: "/widget/",
  build: {
    outDir: "../dist/widget",
    emptyOutDir: false,
    target: "es2021",
    rolldownOptions: {
      input: "src/loader/loader.ts",
      output: { format: "iife", entryFileNames: "widget.js" },
    },
  },
});
