/** The message that another one is about: in a bubble, where it leads there, and above the composer. */

import type { Event } from "@yingda/shared/events";
import { excerptOf, speakerOf } from "../quote.ts";
import { useWindow } from "./context.ts";
import { Close } from "./icons.tsx";

export function Quoted({ event }: { event: Event }) {
  const { words, jumpTo } = useWindow();
  const who = speakerOf(words, event);
  return (
    <button type="button" class="quoted" title={words.talk.quoted(who)} onClick={() => jumpTo(event)}>
      <span class="unseen">{words.talk.quote} </span><b>{who}</b><span>{excerptOf(words, event)}</span>
    </button>
  );
}

export function Quoting({ event, onStop }: { event: Event; onStop: () => void }) {
  const { words } = useWindow();
  return (
    <div class="quoting" role="status">
      <p><b>{words.talk.quoting(speakerOf(words, event))}</b><span>{excerptOf(words, event)}</span></p>
      <button type="button" class="icon-button" aria-label={words.talk.stopQuoting} title={words.talk.stopQuoting} onClick={onStop}><Close /></button>
    </div>
  );
}
