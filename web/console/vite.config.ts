// Builds the console to web/dist/console, where the server finds it under /console/.
import vue from "@vitejs/plugin-vue";
import { defineConfig, loadEnv } from "vite";

export default defineConfig(({ mode }) => {
  const server = loadEnv(mode, ".", "YINGDA_")["YINGDA_DEV_SERVER"] ?? "http://127.0.0.1:8000";
  return {
    base: "/console/",
    plugins: [vue()],
    build: {
      outDir: "../dist/console",
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false }, // would be an inline script on some builds; every supported browser has it
      assetsInlineLimit: 0, // data: addresses are not allowed by the content security policy
    },
    server: {
      proxy: {
        "/api": server,
        "/socket.io": { target: server, ws: true },
        "/media": server,
      },
    },
  };
});
