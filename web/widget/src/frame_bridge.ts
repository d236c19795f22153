/** The iframe's half of the conversation with the embedding page; it listens to its parent at the named origin and to nobody else. */

import type { Bridge, Wishes } from "./bridge.ts";
import type { Preview, ToFrame, ToHost } from "./loader/messages.ts";

const PATIENCE_MS = 500;

export class FrameBridge implements Bridge {
  isOpen = false;
  private wishes: Wishes | undefined;
  private given: ((kept: string | null | undefined) => void) | undefined;
  private visibility: (() => void) | undefined;
  private reported = "";

  constructor(private readonly hostOrigin: string) {
    addEventListener("message", (event: MessageEvent<ToFrame>) => {
      if (event.source !== parent || event.origin !== hostOrigin || typeof event.data?.yingda !== "string") return;
      this.hear(event.data);
    });
  }

  /** What the embedding page kept for this frame; one that was made by hand keeps nothing and says nothing. */
  kept(): Promise<string | null | undefined> {
    this.post({ yingda: "keep" });
    return new Promise((resolve) => {
      this.given = resolve;
      setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
  }

  keep(kept: string): void {
    this.post({ yingda: "keep", kept });
  }

  onVisibility(listener: () => void): void {
    this.visibility = listener;
    // The page may have opened the chat before anybody here was ready to be told.
    if (this.isOpen) listener();
  }

  ready(wishes: Wishes): void {
    this.wishes = wishes;
    this.post({ yingda: "ready" });
  }

  close(): void {
    this.post({ yingda: "close" });
  }

  message(message: Preview): void {
    this.post({ yingda: "message", message });
  }

  report(unread: number, live: boolean, newest: Preview | undefined): void {
    const report = `${unread} ${live} ${newest?.id}`;
    if (report === this.reported) return;
    this.reported = report;
    this.post({ yingda: "unread", count: unread, live, newest });
  }

  private hear(message: ToFrame): void {
    switch (message.yingda) {
      case "open":
      case "closed":
        this.isOpen = message.yingda === "open";
        return this.visibility?.();
      case "kept":
        return this.given?.(message.kept);
      case "identity":
        return this.wishes?.identify(message.identity);
      case "locale":
        return this.wishes?.speak(message.locale);
      case "reset":
        return this.wishes?.reset();
      case "page":
        return this.wishes?.visit(message.url, message.title);
      case "attributes":
        return this.wishes?.describe(message.attributes);
      case "track":
        return this.wishes?.track(message.step);
    }
  }

  private post(message: ToHost): void {
    parent.postMessage(message, this.hostOrigin);
  }
}
