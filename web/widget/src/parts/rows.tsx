/** The rows of the thread: times, greetings, messages, what has changed, ratings; and who is writing. */

import { useCallback, useRef, useState } from "preact/hooks";
import { Markdown } from "../markdown.tsx";
import { answerRatings, type Row } from "../thread.ts";
import { timeLine } from "../words/words.ts";
import { usePassing, useWindow } from "./context.ts";
import { lineOf } from "./lines.ts";
import { LetterRow, MessageRow } from "./message.tsx";
import { RatingCard } from "./rating.tsx";
import { useReading } from "./reading.tsx";
import { Avatar, agentOf, agentsIn } from "./speaker.tsx";

const THINKING_MS = 20_000;

export function Rows({ rows, current }: { rows: Row[]; current: string }) {
  const { chat, words } = useWindow();
  const [tapped, tap] = useState("");
  const version = useRef(0);
  const onTap = useCallback((key: string) => tap(key), []);
  const helpful = new Map(chat.logs.map((log) => [log.conversationId, answerRatings(log.events)]));
  const agents = agentsIn(chat.logs);
  const lastMessage = rows.findLast((row) => row.type === "message" || row.type === "letter");
  const live = !chat.ended;
  version.current += 1;
  return (
    <>
      {rows.map((row) => {
        switch (row.type) {
          case "time":
            return <p key={row.key} class="time"><time dateTime={row.at}>{timeLine(words, row.at)}</time></p>;
          case "greeting":
            return <Greeting key={row.key} alone={rows.at(-1) === row} />;
          case "message": {
            const { event, mine } = row;
            const last = row === lastMessage && (live || mine || event.number !== undefined);
            return (
              <MessageRow
                key={row.key}
                rowKey={row.key}
                event={event}
                first={row.first}
                mine={mine}
                last={last}
                helpful={helpful.get(event.conversation_id)?.get(event.seq)}
                quoted={row.quoted}
                staff={agents.get(event.actor.id ?? "")?.staff}
                picture={agents.get(event.actor.id ?? "")?.picture}
                mayQuote={chat.mayQuote(event)}
                read={last && event.conversation_id === chat.current?.conversationId && event.seq <= chat.readByAgent}
                current={row.key === current}
                tapped={row.key === tapped}
                onTap={onTap}
                version={last ? version.current : 0}
              />
            );
          }
          case "letter":
            return <LetterRow key={row.key} letter={row.letter} quoted={row.quoted} />;
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
          <section class="suggestions" aria-label={words.suggestions}>
            <h2>{words.suggestions}</h2>
            <ul>{suggestions.map((one) => <li key={one.id}><button type="button" onClick={() => chat.send(one.label)}>{one.label}</button></li>)}</ul>
          </section>
        )}
      </div>
    </div>
  );
}

/** Somebody is writing, or the bot is looking. */
export function Activity({ rows }: { rows: Row[] }) {
  const { chat, words } = useWindow();
  const last = rows.findLast((row) => row.type !== "time");
  const mine = last?.type === "letter" ? last.letter : last?.type === "message" && last.mine ? last.event : undefined;
  const passed = usePassing(mine ? Date.parse(mine.at) + THINKING_MS : 0);
  const agent = chat.state === "human" && chat.typing;
  const bot = !agent && mine && !passed && chat.status === "open" && chat.state !== "human" && chat.state !== "waiting"
    && !(last?.type === "letter" && last.letter.status === "failed") && !(last?.type === "message" && last.event.redacted);
  if (!agent && !bot) return null;
  const who = agent && agentOf(chat.current?.events ?? []);
  const text = agent ? words.typing(agent.name ?? words.agentFallback) : words.thinking;
  return (
    <div class="row theirs first activity">
      <Avatar kind={agent ? "agent" : "bot"} id={who ? who.id : undefined} name={agent ? agent.name : undefined} picture={who ? who.picture : undefined} />
      <div class="column"><div class="bubble dots" role="img" aria-label={text}><i /><i /><i /><span>{text}</span></div></div>
    </div>
  );
}
