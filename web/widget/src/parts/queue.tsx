/** The customer's place in line: people ahead and a range of minutes, what goes along, and the ways out. */

import { useState } from "preact/hooks";
import { minutesOf } from "../words/words.ts";
import { useWindow } from "./context.ts";
import { Clock } from "./icons.tsx";

export function QueueBar() {
  const { chat, words, leaveMessage, bookCallback, showCard, complain } = useWindow();
  const [leaving, setLeaving] = useState(false);
  if (chat.state !== "waiting") return null;
  const place = chat.place;
  const range = place?.slower ?? place?.eta;
  const minutes = range ? minutesOf(words, range) : null;
  const people = Math.max(0, (place?.position ?? 1) - 1);
  // A place without an expected wait: nobody is there to take it yet.
  const nobody = !minutes && (place?.position !== undefined || chat.absence?.outcome === "nobody");
  const headline =
    nobody ? words.queue.nobody(people)
    : place?.slower && minutes ? words.queue.slow(people, minutes)
    : place?.position !== undefined ? words.queue.ahead(people, minutes)
    : words.queue.waiting;
  const leave = () => {
    setLeaving(true);
    chat.leaveQueue().catch(complain).finally(() => setLeaving(false));
  };
  return (
    <section class="queue" aria-label={words.queue.title} aria-live="polite">
      <Clock />
      <div>
        <p class="queue-place">{headline}</p>
        <p class="queue-hint">
          {words.queue.keep(place?.keepMinutes ?? 10)}
          <button type="button" class="inline-action" onClick={showCard}>{words.card.open}</button>
        </p>
        <p class="queue-acts">
          <button type="button" onClick={() => leaveMessage()}>{words.queue.leaveMessage}</button>
          <button type="button" onClick={bookCallback}>{words.callback.open}</button>
          <button type="button" class="plain" disabled={leaving} onClick={leave}>{words.queue.cancel}</button>
        </p>
      </div>
    </section>
  );
}
