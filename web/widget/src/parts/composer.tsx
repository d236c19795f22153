/** Where the customer writes; Enter sends, but never while an input method is at work. */

import type { Event } from "@yingda/shared/events";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Composition } from "../ime.ts";
import { recall, remember } from "../memory.ts";
import { AttachButton, usePaste } from "../uploads/attach.tsx";
import { useWindow } from "./context.ts";
import { EmojiButton } from "./emoji.tsx";
import { Pen, Person, Phone, Send } from "./icons.tsx";
import { TrayLater } from "./later.tsx";
import { Quoting } from "./quoted.tsx";

const LIMIT = 5_000;
const WARN_AT = 4_500;
const TALLEST = 132;

export interface ComposerHandle {
  fill: (text?: string, hint?: string) => void;
  quote: (event: Event) => void;
}

export function Composer({ handle }: { handle: { current: ComposerHandle | undefined } }) {
  const { chat, words } = useWindow();
  const [text, setText] = useState(() => recall<string>("draft") ?? "");
  const [hint, setHint] = useState<string>();
  const [quoted, setQuoted] = useState<Event>();
  const area = useRef<HTMLTextAreaElement>(null);
  const composition = useMemo(() => new Composition(), []);
  const length = [...text].length;
  const state = chat.state;
  const { uploads } = chat;
  const ready = (text.trim() !== "" || uploads.items.length > 0) && length <= LIMIT;
  const [sendsLater, sendLater] = useState(false);
  const paste = usePaste();
  const quoting = quoted && chat.mayQuote(quoted) ? quoted : undefined;

  handle.current = {
    fill: (filling, newHint) => {
      if (filling !== undefined) setText(filling);
      setHint(newHint);
      area.current?.focus();
    },
    quote: (event) => {
      setQuoted(event);
      area.current?.focus();
    },
  };
  useLayoutEffect(() => {
    const element = area.current!;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, TALLEST)}px`;
  }, [text]);
  useEffect(() => remember("draft", text), [text]);

  const send = () => {
    if (!ready) return;
    if (uploads.busy) return sendLater(true);
    sendLater(false);
    const files = uploads.take();
    if (!text.trim() && files.length === 0) return; // what is left could not be uploaded, and says so
    chat.send(text.trim(), { files, ...(quoting && { quote: quoting }) });
    setText("");
    setHint(undefined);
    setQuoted(undefined);
    area.current?.focus();
  };
  // Whoever pressed 发送 before the upload was done has sent it.
  useEffect(() => {
    if (sendsLater && !uploads.busy) uploads.items.some(({ status }) => status === "failed") ? sendLater(false) : send();
  });
  const insert = (piece: string) => {
    const element = area.current!;
    element.focus();
    element.setRangeText(piece, element.selectionStart, element.selectionEnd, "end");
    setText(element.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && quoting && !event.isComposing) {
      event.stopPropagation();
      return setQuoted(undefined);
    }
    if (!composition.sends(event)) return;
    event.preventDefault();
    send();
  };
  const placeholder = hint ?? (state === "human" ? words.placeholder.human : state === "waiting" ? words.placeholder.waiting : chat.ended ? words.placeholder.closed : words.placeholder.bot);
  return (
    <footer class="composer">
      <Tools />
      <form class="field" onSubmit={(event) => { event.preventDefault(); send(); }}>
        {(uploads.items.length > 0 || uploads.tooMany) && <TrayLater onClose={() => uploads.clear()} />}
        {quoting && <Quoting event={quoting} onStop={() => (setQuoted(undefined), area.current?.focus())} />}
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
          onKeyDown={onKeyDown}
          onPaste={paste}
        />
        <div class="field-tools">
          <AttachButton />
          <EmojiButton onPick={insert} />
          <p class={`keys ${length > LIMIT ? "bad" : length > WARN_AT ? "near" : ""}`} aria-live="polite">
            {length > LIMIT ? words.tooLong(length - LIMIT) : length > WARN_AT ? words.left(LIMIT - length) : sendsLater ? words.files.sendWhenReady : words.keys}
          </p>
          <button type="submit" class="send" disabled={!ready} aria-label={words.send} title={words.send}>{sendsLater ? <span class="spinner" /> : <Send />}</button>
        </div>
      </form>
    </footer>
  );
}

/** The ways to a human, while there is none. */
function Tools() {
  const { chat, words, toHuman, leaveMessage, bookCallback } = useWindow();
  if (chat.state === "human" || chat.state === "waiting") return null;
  const away = chat.welcome?.hours.open === false || chat.absence !== undefined;
  return (
    <div class="tools">
      <button key="human" type="button" class="tool strong" disabled={chat.requestingHuman || !chat.welcome} onClick={toHuman}>
        {chat.requestingHuman ? <span class="spinner" /> : <Person />}{words.toHuman}
      </button>
      {away && <button key="message" type="button" class="tool" onClick={() => leaveMessage()}><Pen />{words.leaveMessage}</button>}
      {away && <button key="callback" type="button" class="tool" onClick={bookCallback}><Phone />{words.callback.open}</button>}
    </div>
  );
}
