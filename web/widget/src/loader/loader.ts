/**
 * The script that a site embeds: `<script async src="https://desk.example/widget.js"></script>`.
 * It draws one button, makes the iframe at the first click, and leaves one global, `Yingda`.
 */

import type { ToFrame, ToHost } from "./messages.ts";
import { STYLES, bubble, cross } from "./looks.ts";

type Listener = (detail: unknown) => void;

const script = document.currentScript as HTMLScriptElement;
const data = script.dataset;
const origin = new URL(script.src, location.href).origin;
const KEPT = "yingda.widget";
const PHONE = "(max-width: 640px)";
const labels = (english: boolean) => (english ? ["Open chat", "Close chat", "Support chat"] : ["打开在线客服", "关闭在线客服", "在线客服"]);

let locale = data.locale || document.documentElement.lang || "zh-CN";
let identity: string | undefined;
let awaited = false; // the frame was made to wait for an identity
let opened = false;
let ready = false;
let frame: HTMLIFrameElement | undefined;
let unread = 0;
let scroll: string | undefined;
const listeners = new Map<string, Set<Listener>>();

const host = document.createElement("div");
host.id = "yingda-widget";
const root = host.attachShadow({ mode: "open" });
const style = document.createElement("style");
if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
  // A constructed sheet is allowed under any content security policy of the embedding page.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  root.adoptedStyleSheets = [sheet];
} else {
  style.textContent = STYLES;
  root.append(style);
}
const launcher = document.createElement("button");
const badge = document.createElement("span");
launcher.type = "button";
launcher.className = "launcher";
badge.className = "badge";
launcher.append(bubble(), cross(), badge);
launcher.addEventListener("click", () => (opened ? close() : open()));
root.append(launcher);

function label(): void {
  const [show, hide, title] = labels(locale.toLowerCase().startsWith("en"));
  launcher.setAttribute("aria-label", (opened ? hide : show) + (unread ? ` (${unread})` : ""));
  launcher.setAttribute("aria-expanded", String(opened));
  badge.textContent = unread > 99 ? "99+" : unread ? String(unread) : "";
  if (frame) frame.title = title!;
}

function tell(message: ToFrame): void {
  if (ready) frame?.contentWindow?.postMessage(message, origin);
}

function fire(name: string, detail?: unknown): void {
  listeners.get(name)?.forEach((listener) => listener(detail));
}

function keep(live: boolean): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ opened, live }));
  } catch {
    // Without storage the chat simply starts closed on the next page.
  }
}

function makeFrame(): void {
  if (frame) return;
  const about = new URLSearchParams({ origin: location.origin, locale, url: location.href, title: document.title });
  if (data.site) about.set("site", data.site);
  if (data.theme) about.set("theme", data.theme);
  awaited = identity !== undefined;
  if (awaited) about.set("identified", "1");
  frame = document.createElement("iframe");
  frame.className = "panel";
  frame.allow = "clipboard-write";
  frame.src = `${origin}/chat?embed=1#${about}`;
  root.insertBefore(frame, launcher);
}

function open(): void {
  if (opened) return;
  makeFrame();
  opened = true;
  host.className = "open";
  if (matchMedia(PHONE).matches) {
    scroll = document.documentElement.style.overflow;
    document.documentElement.style.overflow = "hidden";
  }
  label();
  frame!.focus();
  tell({ yingda: "open" });
  keep(live);
  fire("open");
}

function close(): void {
  if (!opened) return;
  opened = false;
  host.className = "";
  if (scroll !== undefined) document.documentElement.style.overflow = scroll;
  scroll = undefined;
  label();
  launcher.focus({ preventScroll: true });
  tell({ yingda: "closed" });
  keep(live);
  fire("close");
}

let live = false;
addEventListener("message", (event: MessageEvent<ToHost>) => {
  if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
  const message = event.data;
  switch (message.yingda) {
    case "ready":
      ready = true;
      if (awaited || identity) tell({ yingda: "identity", identity });
      tell({ yingda: opened ? "open" : "closed" });
      fire("ready");
      break;
    case "close":
      close();
      break;
    case "message":
      fire("message", { from: message.from });
      break;
    case "unread":
      unread = message.count;
      live = message.live;
      label();
      keep(live);
      fire("unread", { count: unread });
  }
});

const api = {
  open,
  close,
  /** Signs the customer in with a token that the site's own server made; undefined signs them out. */
  setUser(jwt?: string) {
    identity = jwt;
    tell({ yingda: "identity", identity });
  },
  setLocale(wanted: string) {
    locale = wanted;
    label();
    tell({ yingda: "locale", locale });
  },
  /** Forgets the visitor, e.g. when the customer signs out on a shared computer. */
  reset() {
    identity = undefined;
    // A chat that was never opened on this page is made for a moment: it holds what has to be forgotten.
    makeFrame();
    if (ready) tell({ yingda: "reset" });
    else on("ready", () => tell({ yingda: "reset" }), true);
  },
  on: (name: string, listener: Listener) => on(name, listener),
  /** Takes commands like ["setUser", token], as pages queue them before this script has come. */
  push(...commands: [string, ...unknown[]][]) {
    for (const [name, ...args] of commands) (api as unknown as Record<string, (...args: unknown[]) => void>)[name]?.(...args);
  },
};

/** Listens for open, close, ready, message, unread; returns the way to stop. */
function on(name: string, listener: Listener, once = false): () => void {
  const all = listeners.get(name) ?? new Set();
  const stop = () => void all.delete(called);
  const called: Listener = (detail) => {
    if (once) stop();
    listener(detail);
  };
  listeners.set(name, all.add(called));
  return stop;
}

type Queue = [string, ...unknown[]][];
const place = window as unknown as { Yingda?: typeof api | Queue };
if (!place.Yingda || Array.isArray(place.Yingda)) {
  const queue = place.Yingda ?? [];
  place.Yingda = api;
  const begin = () => {
    document.body.append(host);
    label();
    api.push(...(queue as Queue));
    let kept: { opened?: boolean; live?: boolean } = {};
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as typeof kept;
    } catch {
      // See keep().
    }
    // A chat that was open, or that a human is about to answer, goes on over a change of page.
    if (kept.opened && !matchMedia(PHONE).matches) open();
    else if (kept.live) makeFrame();
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
}
