/** What can be done with a message: quote it, copy it, take it back; beside it under the pointer, or after a tap. */

import type { Event } from "@yingda/shared/events";
import { clockAt } from "../words/words.ts";
import { usePassing, useWindow } from "./context.ts";
import { Copy, Quote, Undo } from "./icons.tsx";

const RECALL_MS = 120_000;

/** Texts that were taken back on this page, to be written anew. */
export const recalledTexts = new Map<string, string>();

export function Actions({ event, mine, focusable, mayQuote }: { event: Event; mine: boolean; focusable: boolean; mayQuote: boolean }) {
  const { chat, words, quote, say, complain } = useWindow();
  const tooLate = usePassing(mine ? Date.parse(event.at) + RECALL_MS : 0);
  const takeBack = () => {
    recalledTexts.set(event.id ?? "", event.text ?? "");
    chat.recall(event).catch(complain);
  };
  const copy = () => void copyText(event.text ?? "").then(() => say(words.talk.copied), complain);
  const tab = focusable ? 0 : -1;
  return (
    <div class="actions" role="group" aria-label={words.talk.actions}>
      <time dateTime={event.at}>{clockAt(event.at, undefined)}</time>
      {mayQuote && <button type="button" tabIndex={tab} title={words.talk.quote} onClick={() => quote(event)}><Quote /><span>{words.talk.quote}</span></button>}
      {event.text && <button type="button" tabIndex={tab} title={words.talk.copy} onClick={copy}><Copy /><span>{words.talk.copy}</span></button>}
      {mine && !tooLate && <button type="button" tabIndex={tab} title={words.recall} onClick={takeBack}><Undo /><span>{words.recall}</span></button>}
    </div>
  );
}

/** Also where the page may not use the clipboard: in frames without the right, and without TLS. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.style.position = "fixed";
    field.style.opacity = "0";
    const before = document.activeElement as HTMLElement | null;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    if (!done) throw new Error("the browser does not copy");
  }
}
