/** What stands around the chat: an embedding page, an app's web view, or nothing but the browser. */

import type { Preview, Properties, Step } from "./loader/messages.ts";

/** What the surroundings want of the chat. */
export interface Wishes {
  /** The customer signed in there, or out. */
  identify(identity: string | undefined): void;
  speak(locale: string): void;
  reset(): void;
  /** The page that the customer is looking at has changed. */
  visit(url: string, title: string): void;
  describe(attributes: Properties): void;
  track(step: Step): void;
}

export interface Bridge {
  /** Whether the chat can be seen there; the document's own visibility is another matter. */
  readonly isOpen: boolean;
  onVisibility(listener: () => void): void;
  /** From here on wishes are heard. */
  ready(wishes: Wishes): void;
  close(): void;
  /** A message of the other side came in. */
  message(message: Preview): void;
  /** How many messages wait to be seen, the newest of them, and whether a human is or will be there. */
  report(unread: number, live: boolean, newest: Preview | undefined): void;
}
