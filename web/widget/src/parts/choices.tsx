/** Offered options and buttons of the bot's last message; they go when the conversation has moved on. */

import type { Event } from "@yingda/shared/events";
import { useState } from "preact/hooks";
import { useWindow } from "./context.ts";
import { Chevron } from "./icons.tsx";

export function Choices({ event }: { event: Event }) {
  const { chat, words, toHuman, leaveMessage, bookCallback, showCard, compose, complain } = useWindow();
  const [stays, setStays] = useState(false);
  const options = event.options ?? [];
  const buttons = new Set(event.buttons ?? []);
  const waiting = chat.state === "waiting";
  const topics = options.some((option) => option.id.startsWith("topic:"));
  if (topics && !waiting) return null; // the question for the topic is over with the wait
  if (options.length && !topics && !event.number && event.actor.kind === "bot") buttons.add("none_of_these").add("request_human");
  if (chat.state === "waiting" || chat.state === "human") buttons.delete("request_human");
  if (!waiting) ["handed_over", "leave_queue", "keep_waiting"].forEach((id) => buttons.delete(id));
  if (stays) ["leave_queue", "keep_waiting"].forEach((id) => buttons.delete(id));
  const acts: [string, string, () => void][] = [
    ["none_of_these", words.noneOfThese, () => chat.send(words.noneOfThese, { option: "none_of_these" })],
    ["describe", words.describe, () => compose(undefined, words.describePlaceholder)],
    ["request_human", words.toHuman, toHuman],
    ["handed_over", words.card.open, showCard],
    ["leave_message", words.leaveMessage, () => leaveMessage()],
    ["book_callback", words.callback.open, bookCallback],
    ["change_callback", words.callback.change, bookCallback],
    ["cancel_callback", words.callback.cancel, bookCallback],
    ["leave_queue", words.queue.cancel, () => void chat.leaveQueue().catch(complain)],
    ["keep_waiting", words.queue.stay, () => setStays(true)],
  ];
  return (
    <>
      {options.length > 0 && (
        <ol class={topics ? "options topics" : "options"}>
          {options.map((option) => (
            <li key={option.id}><button type="button" onClick={() => chat.send(option.label, { option: option.id })}><span>{option.label}</span><Chevron /></button></li>
          ))}
        </ol>
      )}
      {buttons.size > 0 && (
        <div class="chips">
          {acts.filter(([id]) => buttons.has(id)).map(([id, label, act]) => (
            <button key={id} type="button" class={`chip ${id === "request_human" ? "strong" : ""}`} onClick={act}>{label}</button>
          ))}
        </div>
      )}
    </>
  );
}
