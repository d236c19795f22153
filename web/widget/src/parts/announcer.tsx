/** Tells a screen reader what comes in from now on, and nothing of what was there before: the log itself is silent. */

import { useEffect, useState } from "preact/hooks";
import { excerptOf, speakerOf } from "../quote.ts";
import { useWindow } from "./context.ts";

export function Announcer() {
  const { chat, words } = useWindow();
  const [said, say] = useState("");
  useEffect(() => chat.hear((event) => say(words.talk.announced(speakerOf(words, event), excerptOf(words, event)))), [chat, words]);
  return <p class="unseen" role="status" aria-live="polite">{said}</p>;
}
