/**
 * The script that a site embeds: `<script async src="https://desk.example/widget.js"></script>`.
 * It draws one button, makes the iframe at the first click, and leaves one global, `Yingda`.
 */

import { fullScreen } from "./full_screen.ts";
import { LABELS } from "./labels.ts";
import { bubble, cross, dress, make } from "./looks.ts";
import type { Preview, Properties, Step, ToFrame, ToHost } from "./messages.ts";
import { onPageChange } from "./page_changes.ts";
import { phrase, siteOf } from "./site.ts";
import { tagOf, type Tag } from "../words/tags.ts";

type Listener = (detail: unknown) => void;
type Command = [string, ...unknown[]];
interface Kept {
  opened?: boolean;
  live?: boolean;
  dismissed?: string;
}

const KEPT = "yingda.widget";
const MOST_STEPS = 50;
const LEFT = "--r:auto;--l:max(var(--x),env(safe-area-inset-left))";

function embed(script: HTMLScriptElement) {
  const data = script.dataset;
  const origin = new URL(script.src, location.href).origin;
  const site = siteOf(data);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const listeners = new Map<string, Set<Listener>>();
  const kept: Kept = attempt(() => JSON.parse(sessionStorage.getItem(KEPT)!) as Kept) ?? {};
  let wanted = data.locale;
  let identity: string | undefined;
  let awaited = false; // the frame was made to wait for an identity
  let attributes: Properties = {};
  let steps: Step[] = [];
  let opened = false;
  let ready = false;
  let frame: HTMLIFrameElement | undefined;
  let unread = 0;
  let shown: Preview | undefined;

  const host = document.createElement("div");
  host.id = "yingda-widget";
  const root = host.attachShadow({ mode: "open" });
  const [x, y] = site.look.offset ?? [24, 24];
  const [colour, hover, on] = site.look.colours ?? [];
  dress(root, `:host{--x:${x}px;--y:${y}px;${colour ? `--c:${colour};--h:${hover};--o:${on};` : ""}${site.look.position ? LEFT : ""}}`, script.nonce);
  const words = make("span", "words");
  const badge = make("span", "badge");
  const launcher = make("button", "launcher", make("span", "signs", bubble(), cross()), words, badge);
  const told = make("div", "told");
  launcher.type = "button";
  launcher.addEventListener("click", () => (opened ? close() : open()));
  told.setAttribute("role", "status");
  root.append(told, launcher);
  const phone = fullScreen(() => frame, (wanted) => (wanted ? open() : close()));

  const tag = (): Tag => tagOf(wanted, document.documentElement.lang, ...navigator.languages);

  /** Brings everything outside the iframe up to date. */
  function draw(): void {
    const [show, hide, chat] = LABELS[tag()];
    const text = phrase(site.look.launcher, tag());
    host.className = `${opened ? "open" : ""} ${dark() ? "dark" : ""}`;
    host.lang = tag();
    launcher.classList.toggle("worded", Boolean(text));
    launcher.setAttribute("aria-label", (opened ? hide : text ? `${text} · ${show}` : show) + (unread ? ` (${unread})` : ""));
    launcher.setAttribute("aria-expanded", String(opened));
    words.textContent = text;
    badge.dataset.count = unread > 99 ? "99+" : unread ? String(unread) : "";
    if (frame) frame.title = phrase(site.look.name, tag()) || chat;
  }

  const dark = (): boolean => site.theme === "dark" || (site.theme === "auto" && night.matches);
  night.addEventListener("change", draw);

  /** The newest message that came while the window was closed; nothing takes it away, and a dismissed one stays away. */
  function preview(message?: Preview): void {
    if (message && (opened || message.id === kept.dismissed || message.id === shown?.id)) return;
    shown = message;
    told.replaceChildren();
    if (!message) return;
    const read = make("button", "read", make("b", "", message.name), make("span", "text", message.text));
    const no = make("button", "no", cross(""));
    read.type = no.type = "button";
    no.setAttribute("aria-label", LABELS[tag()][3]);
    read.addEventListener("click", open);
    no.addEventListener("click", () => {
      keep({ dismissed: message.id });
      preview();
      launcher.focus({ preventScroll: true });
    });
    told.append(make("div", "card", read, no));
  }

  const post = (message: ToFrame): void => frame?.contentWindow?.postMessage(message, origin);
  const tell = (message: ToFrame): void => {
    if (ready) post(message);
  };

  function fire(name: string, detail?: unknown): void {
    for (const listener of listeners.get(name) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        setTimeout(() => { throw error; }); // the page's own fault is reported as one, and stops nobody else
      }
    }
  }

  function keep(what: Kept): void {
    Object.assign(kept, what);
    // Without storage the chat simply starts closed on the next page.
    attempt(() => sessionStorage.setItem(KEPT, JSON.stringify(kept)));
  }

  function makeFrame(): void {
    if (frame) return;
    const query = new URLSearchParams({ embed: "1", locale: tag() });
    if (site.name) query.set("site", site.name);
    const about = new URLSearchParams({ origin: location.origin, theme: site.theme, url: location.href, title: document.title });
    awaited = identity !== undefined;
    if (awaited) about.set("identified", "1");
    frame = make("iframe", "panel");
    frame.allow = "clipboard-write; fullscreen";
    frame.src = `${origin}/chat?${query}#${about}`;
    root.insertBefore(frame, launcher);
  }

  function open(): void {
    if (opened) return;
    makeFrame();
    opened = true;
    preview();
    draw();
    phone.enter();
    frame!.focus();
    tell({ yingda: "open" });
    keep({ opened });
    fire("open");
  }

  function close(): void {
    if (!opened) return;
    opened = false;
    draw();
    phone.leave();
    launcher.focus({ preventScroll: true });
    tell({ yingda: "closed" });
    keep({ opened });
    fire("close");
  }

  addEventListener("message", (event: MessageEvent<ToHost>) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
    const message = event.data;
    switch (message?.yingda) {
      case "ready":
        ready = true;
        if (awaited || identity) tell({ yingda: "identity", identity });
        tell({ yingda: "attributes", attributes });
        tell(page());
        for (const step of steps.splice(0)) tell({ yingda: "track", step });
        tell({ yingda: opened ? "open" : "closed" });
        fire("ready");
        break;
      case "close":
        close();
        break;
      case "keep":
        // Some browsers let a frame of another site keep nothing: this page keeps it, for this page.
        if (message.kept) attempt(() => localStorage.setItem(KEPT, message.kept!));
        else post({ yingda: "kept", kept: attempt(() => localStorage.getItem(KEPT)) });
        break;
      case "message":
        preview(message.message);
        fire("message", { from: message.message.from, name: message.message.name, text: message.message.text });
        break;
      case "unread":
        keep({ live: message.live });
        preview(message.count ? message.newest : undefined);
        if (message.count === unread) break;
        unread = message.count;
        draw();
        fire("unread", { count: unread });
    }
  });
  const page = (): ToFrame => ({ yingda: "page", url: location.href, title: document.title });
  onPageChange(() => tell(page()));

  /** Calls the listener at open, close, ready, message, unread; returns the way to stop. */
  function listen(name: string, listener: Listener): () => void {
    const all = listeners.get(name) ?? new Set();
    listeners.set(name, all.add(listener));
    return () => void all.delete(listener);
  }

  const api = {
    open,
    close,
    /** Signs the customer in with a token that the site's own server made; undefined signs them out. */
    setUser(jwt?: string) {
      identity = jwt;
      tell({ yingda: "identity", identity });
    },
    /** What else the page knows about its visitor; it is shown as said by the page, and raises nothing. */
    setAttributes(said: Properties) {
      attributes = { ...attributes, ...plain(said) };
      tell({ yingda: "attributes", attributes });
    },
    setLocale(locale: string) {
      wanted = locale;
      draw();
      tell({ yingda: "locale", locale: tag() });
    },
    /** Something the visitor did; before the chat was opened it waits here, the last fifty of them. */
    track(name: string, properties?: Properties) {
      const step = { name: String(name), properties: properties && plain(properties), url: location.href };
      if (ready) return tell({ yingda: "track", step });
      steps = [...steps, step].slice(-MOST_STEPS);
    },
    /** Forgets the visitor, e.g. when the customer signs out on a shared computer. */
    reset() {
      identity = undefined;
      attributes = {};
      steps = [];
      preview();
      // A chat that was never opened on this page is made for a moment: it holds what has to be forgotten.
      makeFrame();
      if (ready) return tell({ yingda: "reset" });
      const stop = listen("ready", () => {
        stop();
        tell({ yingda: "reset" });
      });
    },
    on: listen,
    /** Takes commands like ["setUser", token], as pages queue them before this script has come. */
    push(...commands: Command[]) {
      for (const [name, ...args] of commands) (api as unknown as Record<string, (...args: unknown[]) => void>)[name]?.(...args);
    },
  };

  return {
    api,
    begin(queue: Command[]) {
      // Beside the body, not in it: frameworks that exchange the body leave the chat alone.
      document.documentElement.append(host);
      draw();
      api.push(...queue);
      // A chat that was open, or that a human is about to answer, goes on over a change of page.
      if (phone.isPhone() ? phone.stood() : kept.opened) open();
      else if (kept.live) makeFrame();
    },
  };
}

function attempt<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

/** What can go to another window: no functions, no nodes. */
const plain = (said: Properties): Properties => JSON.parse(JSON.stringify(said ?? {})) as Properties;

const place = window as unknown as { Yingda?: object };
const script = (document.currentScript ?? document.querySelector('script[src*="/widget.js"]')) as HTMLScriptElement | null;
// In two tasks of its own, so that the page's are not made longer.
setTimeout(() => {
  // A second tag finds the first one's global and leaves everything to it.
  if (!script || (place.Yingda && !Array.isArray(place.Yingda))) return;
  const queue = (place.Yingda ?? []) as Command[];
  const { api, begin } = embed(script);
  place.Yingda = api;
  if (document.body) setTimeout(begin, 0, queue);
  else addEventListener("DOMContentLoaded", () => begin(queue));
});
