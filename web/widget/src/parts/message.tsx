/** One message: the bubble, what can be pressed below it, and how far it has come. */

import type { Event } from "@yingda/shared/events";
import type { Log } from "@yingda/shared/log";
import { useState } from "preact/hooks";
import { Markdown, mediaUrl, type Reading } from "../markdown.tsx";
import type { Letter } from "../outbox.ts";
import { usePassing, useWindow } from "./context.ts";
import { Avatar } from "./header.tsx";
import { Alert, Book, Chevron, ThumbDown, ThumbUp, Tick } from "./icons.tsx";

const RECALL_MS = 120_000;

/** The reading of an answer inside this window: pictures open large, 〔转人工〕 is a button. */
export function useReading(): Reading {
  const { words, showPicture, toHuman, leaveMessage } = useWindow();
  return {
    picture: (url, name) => <Picture url={url} name={name} onOpen={() => showPicture(url, name)} />,
    action: (label) => {
      const act = label === words.toHuman ? toHuman : label === words.leaveMessage ? () => leaveMessage() : undefined;
      return act && <button type="button" class="inline-action" onClick={act}>{label}</button>;
    },
  };
}

function Picture({ url, name, onOpen }: { url: string; name: string; onOpen: () => void }) {
  const { words } = useWindow();
  const [missing, setMissing] = useState(false);
  if (missing) return <span class="picture-missing">{words.pictureMissing}{name && ` · ${name}`}</span>;
  return (
    <button type="button" class="picture" aria-label={`${words.picture} ${name}`} onClick={onOpen}>
      <img src={url} alt={name} onError={() => setMissing(true)} />
    </button>
  );
}

/** The number of each agent who has been in the thread, by the agent's id. */
function staffNumbers(logs: Log[]): Map<string, string> {
  const numbers = new Map<string, string>();
  for (const log of logs) for (const { agent } of log.events) if (agent?.staff_number) numbers.set(agent.id, agent.staff_number);
  return numbers;
}

export function MessageRow({ event, first, mine, last, helpful }: { event: Event; first: boolean; mine: boolean; last: boolean; helpful: boolean | undefined }) {
  const { chat, words } = useWindow();
  if (event.redacted) return <Recalled event={event} mine={mine} />;
  if (mine) return <Mine event={event} last={last} />;
  const agent = event.actor.kind === "agent";
  const staff = agent ? staffNumbers(chat.logs).get(event.actor.id ?? "") : undefined;
  const name = agent ? (event.actor.name ?? words.agentFallback) : words.botName;
  return (
    <div class={`row theirs ${first ? "first" : ""}`}>
      {first ? <Avatar kind={event.actor.kind} name={event.actor.name} /> : <span class="avatar-gap" />}
      <div class="column">
        {first && <p class="name">{name}{agent ? staff && <span>{words.staff(staff)}</span> : <span class="mark">{words.botMark}</span>}</p>}
        <Theirs event={event} last={last} helpful={helpful} />
      </div>
    </div>
  );
}

function Theirs({ event, last, helpful }: { event: Event; last: boolean; helpful: boolean | undefined }) {
  const { words, showPicture, showTickets } = useWindow();
  const reading = useReading();
  // A picture that the text shows at its place is not shown again below.
  const pictures = (event.attachments ?? []).filter(({ url }) => mediaUrl(url) && !event.text?.includes(url));
  const answer = event.actor.kind === "bot" && Boolean(event.sources?.length);
  return (
    <>
      <div class="bubble">
        {/* People's words are shown as they wrote them; only the bot's answers are marked up. */}
        {event.actor.kind === "agent" ? <div class="text plain">{event.text}</div> : <Markdown text={event.text ?? ""} reading={reading} />}
        {pictures.map(({ url, name }) => (
          <Picture key={url} url={url} name={name} onOpen={() => showPicture(url, name)} />
        ))}
        {answer && <Sources event={event} />}
      </div>
      {answer && <Helpful event={event} helpful={helpful} />}
      {event.number && <button type="button" class="inline-action ticket-link" onClick={() => showTickets(event.number)}>{words.ofTicket(event.number)}</button>}
      {last && <Choices event={event} />}
    </>
  );
}

function Sources({ event }: { event: Event }) {
  const { words } = useWindow();
  const sources = event.sources ?? [];
  return (
    <details class="sources">
      <summary><Book />{words.sources(sources.length)}<Chevron /></summary>
      <ul>{sources.map((source) => <li key={source.article_id}>{source.title}</li>)}</ul>
    </details>
  );
}

function Helpful({ event, helpful }: { event: Event; helpful: boolean | undefined }) {
  const { chat, words, complain } = useWindow();
  const [chosen, choose] = useState<boolean | undefined>(undefined);
  const known = chosen ?? helpful;
  const rate = (value: boolean) => {
    choose(value);
    chat.desk.rateAnswer(event, value).catch((error) => {
      choose(undefined);
      complain(error);
    });
  };
  if (known !== undefined) {
    return <p class="helpful done">{known ? <ThumbUp /> : <ThumbDown />}{known ? words.thanksHelpful : words.thanksNotHelpful}</p>;
  }
  return (
    <div class="helpful">
      <button type="button" onClick={() => rate(true)}><ThumbUp />{words.helpful}</button>
      <button type="button" onClick={() => rate(false)}><ThumbDown />{words.notHelpful}</button>
    </div>
  );
}

/** Offered options and buttons of the bot's last message; they go when the conversation has moved on. */
function Choices({ event }: { event: Event }) {
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
    ["none_of_these", words.noneOfThese, () => chat.send(words.noneOfThese, "none_of_these")],
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
            <li key={option.id}><button type="button" onClick={() => chat.send(option.label, option.id)}>{option.label}<Chevron /></button></li>
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

const recalledTexts = new Map<string, string>();

function Mine({ event, last }: { event: Event; last: boolean }) {
  const { chat, words, complain } = useWindow();
  const tooLate = usePassing(Date.parse(event.at) + RECALL_MS);
  const read = event.conversation_id === chat.current?.conversationId && event.seq <= chat.readByAgent;
  const takeBack = () => {
    recalledTexts.set(event.id ?? "", event.text ?? "");
    chat.recall(event).catch(complain);
  };
  return (
    <div class="row mine">
      <div class="column">
        <div class="bubble" tabIndex={tooLate ? undefined : -1}>
          <p>{event.text}</p>
          {!tooLate && <button type="button" class="recall" onClick={takeBack}>{words.recall}</button>}
        </div>
        {last && <p class="status"><span><Tick />{read ? words.read : words.delivered}</span></p>}
      </div>
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

/** A message that is not in the log yet. */
export function LetterRow({ letter }: { letter: Letter }) {
  const { chat, words } = useWindow();
  const failed = letter.status === "failed";
  return (
    <div class={`row mine ${failed ? "failed" : ""}`}>
      <div class="column">
        <div class="bubble"><p>{letter.text}</p></div>
        <p class="status" role={failed ? "alert" : undefined}>
          {failed ? (
            <>
              <span class="bad"><Alert />{letter.error === "too_large" ? words.error.too_large : words.failed}</span>
              {letter.error !== "too_large" && <button type="button" onClick={() => chat.outbox.retry(letter.client_id)}>{words.retry}</button>}
              <button type="button" onClick={() => chat.outbox.remove(letter.client_id)}>{words.discard}</button>
            </>
          ) : (
            <span>{letter.status === "sending" && <span class="spinner" />}{letter.status === "sending" ? words.sending : words.delivered}</span>
          )}
        </p>
      </div>
    </div>
  );
}
