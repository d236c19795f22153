/** One message: the bubble, what can be done with it, what can be pressed below it, and how far it has come. */

import type { Event } from "@yingda/shared/events";
import { Markdown } from "../markdown.tsx";
import { memo } from "../memo.ts";
import type { Letter } from "../outbox.ts";
import { Actions, recalledTexts } from "./actions.tsx";
import { Choices } from "./choices.tsx";
import { Attachments, bare } from "../uploads/attachments.tsx";
import { useWindow } from "./context.ts";
import { Helpful } from "./helpful.tsx";
import { Alert, Book, Chevron, Tick } from "./icons.tsx";
import { Quoted } from "./quoted.tsx";
import { useReading } from "./reading.tsx";
import { Avatar } from "./speaker.tsx";

export interface MessageProps {
  rowKey: string;
  event: Event;
  /** The first of several that the same person says. */
  first: boolean;
  mine: boolean;
  /** The last message of the thread, while it can be answered. */
  last: boolean;
  helpful: boolean | undefined;
  quoted: Event | undefined;
  /** The number of the agent who says it. */
  staff: string | undefined;
  picture: string | undefined;
  mayQuote: boolean;
  read: boolean;
  /** The keyboard is here. */
  current: boolean;
  /** What can be done was asked for by a tap. */
  tapped: boolean;
  onTap: (key: string) => void;
  /** Changes with everything; given to the last message only. */
  version: number;
}

export const MessageRow = memo(function MessageRow(props: MessageProps) {
  const { event, mine, first, rowKey, current, tapped, onTap } = props;
  if (event.redacted) return <Recalled event={event} mine={mine} />;
  const tap = (click: MouseEvent) => {
    const target = click.target as Element;
    if (target.closest(".actions button")) return onTap("");
    if (!target.closest(".bubble") || target.closest("button, a, summary, input") || String(getSelection())) return;
    onTap(tapped ? "" : rowKey);
  };
  return (
    <div
      class={`row ${mine ? "mine" : "theirs"} ${first ? "first" : ""} ${tapped ? "tapped" : ""}`}
      data-key={rowKey}
      tabIndex={current ? 0 : -1}
      onClick={tap}
    >
      {mine ? <Mine {...props} /> : <Theirs {...props} />}
    </div>
  );
});

function Theirs({ event, first, last, helpful, quoted, staff, picture, current, mayQuote }: MessageProps) {
  const { words, showTickets } = useWindow();
  const reading = useReading();
  const agent = event.actor.kind === "agent";
  const name = agent ? (event.actor.name ?? words.agentFallback) : words.botName;
  // A picture that the text shows at its place is not shown again below.
  const files = (event.attachments ?? []).filter(({ url }) => !event.text?.includes(url));
  const answer = event.actor.kind === "bot" && Boolean(event.sources?.length);
  return (
    <>
      {first ? <Avatar kind={event.actor.kind} id={event.actor.id} name={event.actor.name} picture={picture} /> : <span class="avatar-gap" />}
      <div class="column">
        {first && <p class="name">{name}{agent ? staff && <span>{words.staff(staff)}</span> : <span class="mark">{words.botMark}</span>}</p>}
        <div class={`bubble ${quoted ? "" : bare(event.text, files)}`}>
          {quoted && <Quoted event={quoted} />}
          {event.text && <Markdown text={event.text} reading={reading} />}
          <Attachments files={files} />
          {answer && <Sources event={event} />}
          <Actions event={event} mine={false} focusable={current} mayQuote={mayQuote} />
        </div>
        {answer && <Helpful event={event} helpful={helpful} />}
        {event.number && <button type="button" class="inline-action ticket-link" onClick={() => showTickets(event.number)}>{words.ofTicket(event.number)}</button>}
        {last && <Choices event={event} />}
      </div>
    </>
  );
}

function Sources({ event }: { event: Event }) {
  const { words, showArticle } = useWindow();
  const sources = event.sources ?? [];
  return (
    <div class="sources">
      <p><Book />{words.sources(sources.length)}</p>
      <ul>
        {sources.map(({ article_id, title }) => (
          <li key={article_id}><button type="button" onClick={() => showArticle(article_id, title)}><span>{title}</span><Chevron /></button></li>
        ))}
      </ul>
    </div>
  );
}

function Mine({ event, last, quoted, read, current, mayQuote }: MessageProps) {
  const { words } = useWindow();
  return (
    <div class="column">
      <div class={`bubble ${quoted ? "" : bare(event.text, event.attachments)}`}>
        {quoted && <Quoted event={quoted} />}
        {event.text && <p>{event.text}</p>}
        <Attachments files={event.attachments ?? []} />
        <Actions event={event} mine focusable={current} mayQuote={mayQuote} />
      </div>
      {last && <p class="status"><span><Tick />{read ? words.read : words.delivered}</span></p>}
    </div>
  );
}

function Recalled({ event, mine }: { event: Event; mine: boolean }) {
  const { words, compose } = useWindow();
  const text = mine ? recalledTexts.get(event.id ?? "") : undefined;
  return (
    <p class="line">
      {mine ? words.recalledMine : words.recalledOther}
      {text && <button type="button" class="inline-action" onClick={() => compose(text)}>{words.editAgain}</button>}
    </p>
  );
}

/** A message that is not in the log yet; a tap on one that failed sends it again. */
export function LetterRow({ letter, quoted }: { letter: Letter; quoted: Event | undefined }) {
  const { chat, words } = useWindow();
  const failed = letter.status === "failed";
  const hopeless = letter.error === "too_large";
  const retry = () => chat.outbox.retry(letter.client_id);
  return (
    <div class={`row mine ${failed ? "failed" : ""}`} data-key={letter.client_id} tabIndex={-1}>
      <div class="column">
        <div class={`bubble ${quoted ? "" : bare(letter.text, letter.files)}`} title={failed && !hopeless ? words.talk.retryHint : undefined} onClick={failed && !hopeless ? retry : undefined}>
          {quoted && <Quoted event={quoted} />}
          {letter.text && <p>{letter.text}</p>}
          <Attachments files={letter.files ?? []} />
        </div>
        <p class="status" role={failed ? "alert" : undefined}>
          {failed ? (
            <>
              <span class="bad"><Alert />{hopeless ? words.error.too_large : words.failed}</span>
              {!hopeless && <button type="button" onClick={retry}>{words.retry}</button>}
              <button type="button" onClick={() => chat.outbox.remove(letter.client_id)}>{words.discard}</button>
            </>
          ) : (
            <span>{letter.status === "sending" ? <span class="spinner" /> : <Tick />}{letter.status === "sending" ? words.sending : words.delivered}</span>
          )}
        </p>
      </div>
    </div>
  );
}
