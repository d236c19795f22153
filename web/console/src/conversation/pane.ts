// What a row of the log may ask of the pane around it.
import { inject, type InjectionKey } from "vue";
import type { Conversation } from "../desk/conversation";
import type { Event } from "../wire";

export interface Pane {
  /** Answers to this very message. */
  quote: (event: Event) => void;
  /** Shows the message of this seq, fetching what lies between if it must. */
  jump: (conversation: Conversation, seq: number) => void;
  /** Puts a text into the composer, where nothing stands yet. */
  edit: (text: string) => void;
  /** The message that was just jumped to. */
  marked: () => string;
}

export const PANE: InjectionKey<Pane> = Symbol("pane");

export function usePane(): Pane {
  const pane = inject(PANE);
  if (!pane) throw new Error("a row stands outside the pane");
  return pane;
}
