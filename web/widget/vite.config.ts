import { defineConfig } from "vite";

// The chat page and the demo site; the server serves web/dist/widget under /widget/.
export default defineConfig({
  base: "/widget/",
  build: {
    outDir: "../dist/widget",
    emptyOutDir: true,
    target: "es2021",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true, // tells the server which file holds the words of a language
    rolldownOptions: { input: { index: "index.html", demo: "demo.html" } },
  },
  server: { proxy: { "/socket.io": { target: "http://127.0.0.1:8000", ws: true }, "/media": "http://127.0.0.1:8000", "/api": "http://127.0.0.1:8000" } },
});
