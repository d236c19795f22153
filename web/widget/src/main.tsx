/** Opens the chat page: alone, or inside an embedding page that its address names. */

import { render } from "preact";
import { App } from "./app.tsx";
import { Bridge } from "./bridge.ts";
import { Chat } from "./chat.ts";
import { wordsFor } from "./words/words.ts";
import "./styles/index.css";

const query = new URLSearchParams(location.search);
// What the loader says about the embedding page stays in the fragment: it is not for the server's log.
const host = new URLSearchParams(location.hash.slice(1));
const origin = host.get("origin");
const bridge = query.get("embed") === "1" && origin && parent !== window ? new Bridge(origin) : undefined;

let locale = host.get("locale") ?? query.get("locale") ?? undefined;
const theme = host.get("theme") ?? query.get("theme") ?? (bridge ? "light" : "auto");
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => {
  document.documentElement.dataset.theme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
};
dark.addEventListener("change", paint);
paint();

const chat = new Chat({
  site: host.get("site") ?? query.get("site") ?? undefined,
  locale: wordsFor(locale).tag,
  page: bridge ? { url: host.get("url") ?? "", title: host.get("title") ?? "" } : { url: location.origin + location.pathname, title: document.title },
});

function show(): void {
  const words = wordsFor(locale);
  document.documentElement.lang = words.tag;
  document.title = words.title;
  render(<App chat={chat} words={words} bridge={bridge} />, document.getElementById("app")!);
}

chat.onMessage = (event) => bridge?.message(event.actor.kind);
if (bridge) {
  bridge.onIdentity = (identity) => chat.identify(identity);
  bridge.onReset = () => void chat.reset();
  bridge.onLocale = (wanted) => {
    locale = wanted;
    chat.speak(wordsFor(wanted).tag);
    show();
  };
}
show();
bridge?.ready();
// The loader answers "ready" with the identity it holds, if any; the connection starts with it.
if (host.get("identified") !== "1") chat.start();
