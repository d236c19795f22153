/** The iframe's half of the conversation with the embedding page; it listens to its parent at the named origin and to nobody else. */

import type { ToFrame, ToHost } from "./loader/messages.ts";

export class Bridge {
  isOpen = false;
  onIdentity: ((identity: string | undefined) => void) | undefined;
  onLocale: ((locale: string) => void) | undefined;
  onReset: (() => void) | undefined;
  private visibility: (() => void) | undefined;
  private reported = "";

  constructor(private readonly hostOrigin: string) {
    addEventListener("message", (event: MessageEvent<ToFrame>) => {
      if (event.source !== parent || event.origin !== hostOrigin || typeof event.data?.yingda !== "string") return;
      const message = event.data;
      switch (message.yingda) {
        case "open":
        case "closed":
          this.isOpen = message.yingda === "open";
          this.visibility?.();
          break;
        case "identity":
          this.onIdentity?.(message.identity);
          break;
        case "locale":
          this.onLocale?.(message.locale);
          break;
        case "reset":
          this.onReset?.();
      }
    });
  }

  onVisibility(listener: () => void): void {
    this.visibility = listener;
  }

  ready(): void {
    this.post({ yingda: "ready" });
  }

  close(): void {
    this.post({ yingda: "close" });
  }

  /** A message of the other side came in. */
  message(from: string): void {
    this.post({ yingda: "message", from });
  }

  /** How many messages wait to be seen, and whether a human is or will be there: then the page keeps the chat alive. */
  report(unread: number, live: boolean): void {
    const report = `${unread} ${live}`;
    if (report === this.reported) return;
    this.reported = report;
    this.post({ yingda: "unread", count: unread, live });
  }

  private post(message: ToHost): void {
    parent.postMessage(message, this.hostOrigin);
  }
}
