/** Opens the chat page: alone, or inside an embedding page that its address names. */

import { render } from "preact";
import { App } from "./app.tsx";
import { Bridge } from "./bridge.ts";
import { Chat } from "./chat.ts";
import { loadWords, type Words } from "./words/words.ts";
import "./styles/index.css";

const query = new URLSearchParams(location.search);
// What the loader says about the embedding page stays in the fragment: it is not for the server's log.
const host = new URLSearchParams(location.hash.slice(1));
const origin = host.get("origin");
const bridge = query.get("embed") === "1" && origin && parent !== window ? new Bridge(origin) : undefined;

const theme = host.get("theme") ?? query.get("theme") ?? (bridge ? "light" : "auto");
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => {
  document.documentElement.dataset.theme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
};
dark.addEventListener("change", paint);
paint();

function show(chat: Chat, words: Words): void {
  document.documentElement.lang = words.tag;
  document.title = words.title;
  render(<App chat={chat} words={words} bridge={bridge} />, document.getElementById("app")!);
}

function begin(words: Words): void {
  const chat = new Chat({
    site: host.get("site") ?? query.get("site") ?? undefined,
    locale: words.tag,
    page: bridge ? { url: host.get("url") ?? "", title: host.get("title") ?? "" } : { url: location.origin + location.pathname, title: document.title },
  });
  chat.onMessage = (event) => bridge?.message(event.actor.kind);
  if (bridge) {
    bridge.onIdentity = (identity) => chat.identify(identity);
    bridge.onReset = () => void chat.reset();
    bridge.onLocale = (wanted) =>
      void loadWords(wanted).then((others) => {
        chat.speak(others.tag);
        show(chat, others);
      });
  }
  show(chat, words);
  bridge?.ready();
  // The loader answers "ready" with the identity it holds, if any; the connection starts with it.
  if (host.get("identified") !== "1") chat.start();
}

loadWords(host.get("locale"), query.get("locale"), ...navigator.languages).then(begin);
