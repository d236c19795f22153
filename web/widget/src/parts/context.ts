/** What every part of the page may use: the chat, the words, and the few things that the whole window does. */

import type { Attachment, Event } from "@yingda/shared/events";
import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { Bell } from "../bell.ts";
import type { Chat } from "../chat.ts";
import type { Words } from "../words/words.ts";

export interface Window {
  chat: Chat;
  words: Words;
  bell: Bell;
  /** Asks for a human, or shows where to leave a message when nobody is there. */
  toHuman: () => void;
  leaveMessage: (text?: string) => void;
  bookCallback: () => void;
  /** What goes along to the colleague. */
  showCard: () => void;
  askToEnd: () => void;
  /** The customer's tickets, or one of them. */
  showTickets: (number?: string) => void;
  showPicture: (url: string, name: string) => void;
  /** Several pictures, beginning with one of them. */
  showPictures: (pictures: readonly Attachment[], at: number) => void;
  /** The code with which a phone goes on here. */
  showContinue: () => void;
  /** The article behind an answer. */
  showArticle: (id: string, title: string) => void;
  mailTalk: () => void;
  showPrivacy: () => void;
  /** Puts the cursor into the composer, with a text or a hint. */
  compose: (text?: string, hint?: string) => void;
  /** What is written next is about this message. */
  quote: (event: Event) => void;
  /** Shows a message in the thread. */
  jumpTo: (event: Event) => void;
  /** Says something for a moment. */
  say: (text: string) => void;
  /** Says for a moment that something did not work. */
  complain: (error: unknown) => void;
}

export const WindowContext = createContext<Window>(undefined as unknown as Window);
export const useWindow = (): Window => useContext(WindowContext);

/** Renders again when the chat changes, at most once a frame. */
export function useChanges(chat: Chat): void {
  const [, again] = useReducer((count: number, _: void) => count + 1, 0);
  useEffect(() => {
    let asked = false;
    return chat.subscribe(() => {
      if (asked) return;
      asked = true;
      // A timer, not a frame: hidden frames get none, and the unread count must still move.
      setTimeout(() => {
        asked = false;
        again();
      }, 0);
    });
  }, [chat]);
}

/** Renders again when the moment has passed. */
export function usePassing(moment: number): boolean {
  const [, again] = useReducer((count: number, _: void) => count + 1, 0);
  const left = moment - Date.now();
  useEffect(() => {
    if (left <= 0 || left > 600_000) return;
    const timer = setTimeout(() => again(), left + 50);
    return () => clearTimeout(timer);
  }, [moment]);
  return left <= 0;
}
