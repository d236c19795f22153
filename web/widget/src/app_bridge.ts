/**
 * The chat alone in an app's web view: the app calls `Yingda.…`, and hears through the channel that its platform has.
 * Android, HarmonyOS and Flutter: an object `YingdaApp` with `postMessage(text)`. iOS: a message handler `yingda`.
 * React Native: its own. WeChat mini programs: the bridge of WeChat. Without any of them the browser is all there is.
 */

import type { Bridge, Wishes } from "./bridge.ts";
import type { Preview, Properties } from "./loader/messages.ts";

type Post = (message: ToApp) => void;

export type ToApp =
  | { yingda: "ready" | "close" }
  | { yingda: "message"; message: Preview }
  | { yingda: "unread"; count: number }
  | { yingda: "link"; url: string };

interface Poster {
  postMessage(text: string): void;
}

interface Surroundings {
  YingdaApp?: Poster;
  ReactNativeWebView?: Poster;
  webkit?: { messageHandlers?: { yingda?: { postMessage(message: ToApp): void } } };
  __wxjs_environment?: string;
  WeixinJSBridge?: { invoke(name: string, argument: object): void };
}

/** The way out of this web view; undefined in a browser. */
function channel(around: Surroundings): Post | undefined {
  const native = around.YingdaApp ?? around.ReactNativeWebView;
  if (native) return (message) => native.postMessage(JSON.stringify(message));
  const handler = around.webkit?.messageHandlers?.yingda;
  if (handler) return (message) => handler.postMessage(message);
  if (around.__wxjs_environment === "miniprogram") {
    return (message) => {
      // WeChat hands messages over when its page is left; going back is what closes a chat there.
      const call = message.yingda === "close" ? { name: "navigateBack", arg: { delta: 1 } } : { name: "postMessage", arg: message };
      around.WeixinJSBridge?.invoke("invokeMiniProgramAPI", call);
    };
  }
  return undefined;
}

const SIDES = ["top", "right", "bottom", "left"] as const;

export class AppBridge implements Bridge {
  readonly isOpen = true;
  private reported = -1;

  private constructor(private readonly post: Post) {}

  /** The bridge to the app around this page, where there is one. */
  static find(): AppBridge | undefined {
    const post = channel(window as unknown as Surroundings);
    return post && new AppBridge(post);
  }

  onVisibility(): void {
    // A web view that is hidden hides its document, which the chat sees by itself.
  }

  ready(wishes: Wishes): void {
    const api = {
      setUser: (jwt?: string) => wishes.identify(jwt || undefined),
      setLocale: (locale: string) => wishes.speak(locale),
      setAttributes: (attributes: Properties) => wishes.describe(attributes),
      track: (name: string, properties?: Properties) => wishes.track({ name: String(name), properties }),
      reset: () => wishes.reset(),
      close: () => this.close(),
      /** What the app's own bars cover of the page, in CSS pixels; what is left out stays as the system says. */
      setInsets: (insets: Partial<Record<(typeof SIDES)[number], number>>) => {
        for (const side of SIDES) {
          const inset = insets?.[side];
          if (typeof inset === "number") document.documentElement.style.setProperty(`--app-${side}`, `${Math.max(0, inset)}px`);
        }
      },
    };
    Object.assign(window, { Yingda: api });
    document.addEventListener("click", (event) => this.onClick(event));
    this.post({ yingda: "ready" });
  }

  close(): void {
    this.post({ yingda: "close" });
  }

  message(message: Preview): void {
    this.post({ yingda: "message", message });
  }

  report(unread: number): void {
    if (unread === this.reported) return;
    this.reported = unread;
    this.post({ yingda: "unread", count: unread });
  }

  /** A web view has no second window: the app opens links as it likes. */
  private onClick(event: MouseEvent): void {
    const link = (event.target as Element).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.origin === location.origin || link.hasAttribute("download")) return;
    event.preventDefault();
    this.post({ yingda: "link", url: link.href });
  }
}
