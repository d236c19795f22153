/** Opens the chat page: alone, in an app's web view, or inside an embedding page that its address names. */

import { render } from "preact";
import { App } from "./app.tsx";
import { AppBridge } from "./app_bridge.ts";
import type { Bridge } from "./bridge.ts";
import { Chat } from "./chat.ts";
import { FrameBridge } from "./frame_bridge.ts";
import { followLetterSize } from "./large_text.ts";
import { called, look } from "./look.ts";
import { canKeep, keepElsewhere } from "./memory.ts";
import { previewOf } from "./preview.ts";
import { followKeyboard } from "./seen_height.ts";
import { loadWords, type Words } from "./words/words.ts";
import "./styles/index.css";

const query = new URLSearchParams(location.search);
// What is said about the surroundings stays in the fragment: it is not for the server's log.
const host = new URLSearchParams(location.hash.slice(1));
const origin = host.get("origin");
const framed = query.get("embed") === "1" && parent !== window;
const frame = framed && origin ? new FrameBridge(origin) : undefined;
const bridge: Bridge | undefined = frame ?? AppBridge.find();

const theme = host.get("theme") ?? query.get("theme") ?? (framed ? "light" : (look.theme ?? "auto"));
const night = matchMedia("(prefers-color-scheme: dark)");
const paint = () => {
  document.documentElement.dataset.theme = theme === "auto" ? (night.matches ? "dark" : "light") : theme;
  document.querySelector<HTMLMetaElement>("[name=theme-color]")!.content = getComputedStyle(document.documentElement).getPropertyValue("--panel");
};

function show(chat: Chat, words: Words): void {
  document.documentElement.lang = words.tag;
  document.title = words.title;
  render(<App chat={chat} words={words} bridge={bridge} />, document.getElementById("app")!);
}

/** A signed identity in the address is read once and not left there, where people would copy it. */
function identityFromAddress(): string | undefined {
  const named = new URLSearchParams(location.hash.slice(1)).get("identity");
  if (named !== null) history.replaceState(history.state, "", location.pathname + location.search);
  return named ?? undefined;
}

async function begin(first: Words): Promise<void> {
  let words = called(first);
  // A phone that goes on with the chat of a computer: the code holds a token, and later the tab keeps what it needs.
  const continued = host.has("continue") || host.has("continued");
  const guest = continued && (await (await import("./uploads/phone.tsx")).goOn(host.get("continue"), words, document.getElementById("app")!));
  if (continued && !guest) return;
  const chat = new Chat({
    continued,
    site: guest || (host.get("site") ?? query.get("site") ?? undefined),
    locale: words.tag,
    page: framed ? { url: host.get("url") ?? "", title: host.get("title") ?? "" } : { url: location.origin + location.pathname, title: words.title },
  });
  chat.hear((event) => bridge?.message(previewOf(event, words)));
  show(chat, words);
  bridge?.ready({
    identify: (identity) => chat.identify(identity),
    reset: () => void chat.reset(),
    visit: (url, title) => chat.visit(url, title),
    describe: (attributes) => chat.trail.describe(attributes),
    track: (step) => chat.trail.tell(step),
    speak: (wanted) =>
      void loadWords(wanted).then((others) => {
        words = called(others);
        chat.speak(words.tag);
        show(chat, words);
      }),
  });
  // The loader answers "ready" with the identity it holds, if any; the connection starts with it.
  if (host.get("identified") !== "1") chat.start(framed ? undefined : identityFromAddress());
  // A mini program changes the fragment to tell who has signed in.
  if (!framed) addEventListener("hashchange", () => {
    const identity = identityFromAddress();
    if (identity !== undefined) chat.identify(identity || undefined);
  });
}

night.addEventListener("change", paint);
paint();
followLetterSize();
if (!framed) followKeyboard();
const remembered = frame && !canKeep() ? frame.kept().then((kept) => keepElsewhere((all) => frame.keep(all), kept)) : undefined;
void Promise.all([loadWords(host.get("locale"), query.get("locale"), ...navigator.languages), remembered]).then(([words]) => begin(words));
