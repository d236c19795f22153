/** 有帮助 or 没帮助 under an answer; 没帮助 may say why, and need not. */

import type { Event } from "@yingda/shared/events";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWindow } from "./context.ts";
import { ThumbDown, ThumbUp } from "./icons.tsx";

export function Helpful({ event, helpful }: { event: Event; helpful: boolean | undefined }) {
  const { chat, words, complain } = useWindow();
  const [chosen, choose] = useState<boolean | undefined>(undefined);
  const [asking, ask] = useState(false);
  const known = chosen ?? helpful;
  const rate = (value: boolean, comment?: string) => {
    choose(value);
    ask(!value && comment === undefined);
    chat.desk.rateAnswer(event, value, comment).catch((error) => {
      choose(undefined);
      ask(false);
      complain(error);
    });
  };
  if (known === undefined) {
    return (
      <div class="helpful">
        <button type="button" onClick={() => rate(true)}><ThumbUp />{words.helpful}</button>
        <button type="button" onClick={() => rate(false)}><ThumbDown />{words.notHelpful}</button>
      </div>
    );
  }
  return (
    <>
      <p class="helpful done">{known ? <ThumbUp /> : <ThumbDown />}{known ? words.thanksHelpful : words.thanksNotHelpful}</p>
      {asking && <Why onSay={(why) => rate(false, why)} />}
    </>
  );
}

function Why({ onSay }: { onSay: (why: string) => void }) {
  const { words } = useWindow();
  const [text, setText] = useState("");
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => box.current!.scrollIntoView({ block: "nearest" }), []);
  const submit = (event: globalThis.Event) => {
    event.preventDefault();
    if (text.trim()) onSay(text.trim());
  };
  return (
    <form class="why" ref={box} onSubmit={submit}>
      <p>{words.talk.why}</p>
      <div class="chips">{words.talk.reasons.map((reason) => <button key={reason} type="button" class="chip" onClick={() => onSay(reason)}>{reason}</button>)}</div>
      <div class="why-words">
        <input type="text" maxLength={500} aria-label={words.talk.whyHint} placeholder={words.talk.whyHint} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <button type="submit" class="chip strong" disabled={!text.trim()}>{words.talk.whySend}</button>
      </div>
    </form>
  );
}
