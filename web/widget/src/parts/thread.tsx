/** The one continuing thread: stays at its end while the reader is there, and stays put while they read above. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { answerRatings, rowsOf, type Row } from "../thread.ts";
import { timeLine } from "../words/words.ts";
import { useWindow, usePassing } from "./context.ts";
import { Avatar } from "./header.tsx";
import { Down } from "./icons.tsx";
import { lineOf } from "./lines.ts";
import { LetterRow, MessageRow, useReading } from "./message.tsx";
import { RatingCard } from "./rating.tsx";
import { SurveyCard } from "./survey.tsx";
import { Markdown } from "../markdown.tsx";

const NEAR_END = 80;
const THINKING_MS = 20_000;

export function Thread() {
  const { chat, words } = useWindow();
  const box = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const settledAt = useRef(0);
  const measured = useRef({ height: 0, firstKey: "" });
  const [below, setBelow] = useState(false);
  const rows = rowsOf({
    conversations: chat.logs.map((log) => ({ id: log.conversationId, events: log.events })),
    letters: chat.outbox.letters,
    greetAfter: chat.threads.greetAfter,
    greetedAt: chat.threads.greetedAt,
  });
  const lastKey = rows.at(-1)?.key ?? "";
  const firstKey = rows[0]?.key ?? "";

  useLayoutEffect(() => {
    const element = box.current!;
    const { height, firstKey: before } = measured.current;
    if (pinned.current) settle();
    else if (before && before !== firstKey) element.scrollTop += element.scrollHeight - height;
    measured.current = { height: element.scrollHeight, firstKey };
  });
  useEffect(() => {
    if (!pinned.current && lastKey) setBelow(true);
    const row = rows.at(-1);
    if (row?.type === "letter") toEnd();
  }, [lastKey]);
  useEffect(() => {
    // Pictures that arrive late and a keyboard that opens must not push the end out of sight.
    const watcher = new ResizeObserver(() => pinned.current && settle());
    watcher.observe(box.current!);
    watcher.observe(box.current!.firstElementChild!);
    return () => watcher.disconnect();
  }, []);

  /** At the end; but an answer longer than the window shows its beginning, which is where people read on. */
  const settle = () => {
    const element = box.current!;
    const last = element.querySelector<HTMLElement>(".rows > .row:last-child");
    const tall = last !== null && last.classList.contains("theirs") && last.offsetHeight > element.clientHeight - 24;
    const top = tall ? last.offsetTop - 44 : element.scrollHeight;
    element.scrollTop = top < 60 ? 0 : top;
    settledAt.current = element.scrollTop;
  };
  const toEnd = () => {
    const element = box.current!;
    element.scrollTop = element.scrollHeight;
    pinned.current = true;
    setBelow(false);
  };
  const onScroll = () => {
    const element = box.current!;
    const from = element.scrollTop;
    pinned.current = element.scrollHeight - from - element.clientHeight < NEAR_END || (pinned.current && from === settledAt.current);
    if (pinned.current) setBelow(false);
  };

  return (
    <div class="thread-frame">
      <div class="thread" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-live="polite" aria-label={words.conversation}>
        <div class="rows">
          {chat.threads.hasEarlier && (
            <button type="button" class="earlier" disabled={chat.threads.loadingEarlier} onClick={() => void chat.threads.loadEarlier()}>
              {chat.threads.loadingEarlier ? words.loading : words.earlier}
            </button>
          )}
          <Rows rows={rows} />
          <SurveyCard />
          <Activity rows={rows} />
        </div>
      </div>
      {below && <button type="button" class="to-end" onClick={toEnd}><Down />{words.newMessages}</button>}
    </div>
  );
}

function Rows({ rows }: { rows: Row[] }) {
  const { chat, words } = useWindow();
  const helpful = new Map(chat.logs.map((log) => [log.conversationId, answerRatings(log.events)]));
  const lastMessage = rows.findLast((row) => row.type === "message" || row.type === "letter");
  const live = !chat.ended;
  return (
    <>
      {rows.map((row) => {
        switch (row.type) {
          case "time":
            return <p key={row.key} class="time"><time dateTime={row.at}>{timeLine(words, row.at)}</time></p>;
          case "greeting":
            return <Greeting key={row.key} alone={rows.at(-1) === row} />;
          case "message":
            return (
              <MessageRow
                key={row.key}
                event={row.event}
                first={row.first}
                mine={row.mine}
                last={row === lastMessage && (live || row.mine || row.event.number !== undefined)}
                helpful={helpful.get(row.event.conversation_id)?.get(row.event.seq)}
              />
            );
          case "letter":
            return <LetterRow key={row.key} letter={row.letter} />;
          case "line": {
            const text = lineOf(words, row.event, row.previous);
            return text ? <p key={row.key} class="line"><Whole text={text} /></p> : null;
          }
          case "rating":
            return <RatingCard key={row.key} conversationId={row.conversationId} rating={row.rating} />;
        }
      })}
    </>
  );
}

/** A ticket's number is never broken over two lines, and opens the ticket. */
function Whole({ text }: { text: string }) {
  const { showTickets } = useWindow();
  // With its comma: a button is a box, before whose neighbour a line may break.
  const parts = text.split(/([A-Z]{2}\d{8}-\d+[，。：,.:]?)/);
  const number = (part: string) => part.replace(/[^\d]$/, "");
  return (
    <>
      {parts.map((part, at) =>
        at % 2 ? (
          <span key={at} class="number"><button type="button" class="inline-action" onClick={() => showTickets(number(part))}>{number(part)}</button>{part.slice(number(part).length)}</span>
        ) : part,
      )}
    </>
  );
}

function Greeting({ alone }: { alone: boolean }) {
  const { chat, words } = useWindow();
  const reading = useReading();
  const suggestions = chat.welcome?.suggestions ?? [];
  if (!chat.welcome) return <div class="row theirs first"><Avatar kind="bot" /><div class="column"><div class="bubble ghost" /></div></div>;
  return (
    <div class="row theirs first">
      <Avatar kind="bot" />
      <div class="column">
        <p class="name">{words.botName}<span class="mark">{words.botMark}</span></p>
        <div class="bubble"><Markdown text={chat.welcome.greeting || words.greeting()} reading={reading} /></div>
        {alone && suggestions.length > 0 && (
          <div class="suggestions">
            <h2>{words.suggestions}</h2>
            <ul>{suggestions.map((one) => <li key={one.id}><button type="button" onClick={() => chat.send(one.label)}>{one.label}</button></li>)}</ul>
          </div>
        )}
      </div>
    </div>
  );
}

/** Somebody is writing, or the bot is looking. */
function Activity({ rows }: { rows: Row[] }) {
  const { chat, words } = useWindow();
  const last = rows.findLast((row) => row.type !== "time");
  const mine = last?.type === "letter" ? last.letter : last?.type === "message" && last.mine ? last.event : undefined;
  const passed = usePassing(mine ? Date.parse(mine.at) + THINKING_MS : 0);
  const agent = chat.state === "human" && chat.typing;
  const bot = !agent && mine && !passed && chat.status === "open" && chat.state !== "human" && chat.state !== "waiting"
    && !(last?.type === "letter" && last.letter.status === "failed") && !(last?.type === "message" && last.event.redacted);
  if (!agent && !bot) return null;
  const text = agent ? words.typing(agent.name ?? words.agentFallback) : words.thinking;
  return (
    <div class="row theirs first activity">
      <Avatar kind={agent ? "agent" : "bot"} name={agent ? agent.name : undefined} />
      <div class="column"><div class="bubble dots" role="img" aria-label={text}><i /><i /><i /><span>{text}</span></div></div>
    </div>
  );
}

