/** Where the customer writes; Enter sends, but never while an input method is at work. */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Composition } from "../ime.ts";
import { recall, remember } from "../memory.ts";
import { useWindow } from "./context.ts";
import { Leave, Pen, Person, Phone, Send } from "./icons.tsx";

const LIMIT = 5_000;
const WARN_AT = 4_500;

export interface ComposerHandle {
  fill: (text?: string, hint?: string) => void;
}

export function Composer({ handle }: { handle: { current: ComposerHandle | undefined } }) {
  const { chat, words, toHuman, leaveMessage, bookCallback, askToEnd } = useWindow();
  const [text, setText] = useState(() => recall<string>("draft") ?? "");
  const [hint, setHint] = useState<string>();
  const area = useRef<HTMLTextAreaElement>(null);
  const composition = useMemo(() => new Composition(), []);
  const length = [...text].length;
  const state = chat.state;
  const ready = text.trim() !== "" && length <= LIMIT;

  handle.current = {
    fill: (filling, newHint) => {
      if (filling !== undefined) setText(filling);
      setHint(newHint);
      area.current?.focus();
    },
  };
  useLayoutEffect(() => {
    const element = area.current!;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, 132)}px`;
  }, [text]);
  useEffect(() => remember("draft", text), [text]);

  const send = () => {
    if (!ready) return;
    chat.send(text.trim());
    setText("");
    setHint(undefined);
    area.current?.focus();
  };
  const placeholder = hint ?? (state === "human" ? words.placeholder.human : state === "waiting" ? words.placeholder.waiting : chat.ended ? words.placeholder.closed : words.placeholder.bot);
  const afterHours = chat.welcome?.hours.open === false;
  return (
    <footer class="composer">
      <div class="tools">
        {state !== "human" && state !== "waiting" && (
          <button key="human" type="button" class="tool strong" disabled={chat.requestingHuman || !chat.welcome} onClick={toHuman}>
            {chat.requestingHuman ? <span class="spinner" /> : <Person />}{words.toHuman}
          </button>
        )}
        {(afterHours || chat.absence) && state !== "human" && state !== "waiting" && (
          <button key="message" type="button" class="tool" onClick={() => leaveMessage()}><Pen />{words.leaveMessage}</button>
        )}
        {(afterHours || chat.absence) && state !== "human" && state !== "waiting" && (
          <button key="callback" type="button" class="tool" onClick={bookCallback}><Phone />{words.callback.open}</button>
        )}
        {(state === "human" || state === "bot") && (
          <button key="end" type="button" class="tool" onClick={askToEnd}><Leave />{words.endChat}</button>
        )}
      </div>
      <form class="field" onSubmit={(event) => { event.preventDefault(); send(); }}>
        <textarea
          ref={area}
          rows={1}
          value={text}
          placeholder={placeholder}
          aria-label={placeholder}
          enterkeyhint="send"
          onInput={(event) => {
            setText(event.currentTarget.value);
            chat.writing();
          }}
          onCompositionStart={composition.start}
          onCompositionEnd={composition.end}
          onKeyDown={(event) => {
            if (!composition.sends(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="send" disabled={!ready} aria-label={words.send}><Send /></button>
      </form>
      <p class={`keys ${length > LIMIT ? "bad" : ""}`} aria-live="polite">
        {length > LIMIT ? words.tooLong(length - LIMIT) : length > WARN_AT ? words.left(LIMIT - length) : words.keys}
      </p>
    </footer>
  );
}
