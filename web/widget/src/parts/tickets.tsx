/** The customer's tickets: where each stands, what was said, and a box to answer in. */

import type { OwnTicket, OwnTicketDetail } from "@yingda/shared/events";
import { useEffect, useRef, useState } from "preact/hooks";
import { momentOf, named } from "../words/words.ts";
import { Attachments } from "../uploads/attachments.tsx";
import { Markdown } from "../markdown.tsx";
import { useWindow } from "./context.ts";
import { useReading } from "./reading.tsx";
import { Chevron } from "./icons.tsx";
import { Sheet } from "./sheets.tsx";
import "./tickets.css";

/** The tone of each state: what waits for the customer stands out. */
const tone = (status: string): string => (status === "waiting_customer" || status === "solved" ? "yours" : status === "closed" ? "over" : "ours");

export function TicketsSheet({ number, onClose }: { number?: string | undefined; onClose: () => void }) {
  const { words } = useWindow();
  const [shown, show] = useState(number);
  const said = words.tickets;
  return (
    <Sheet title={shown ?? said.title} onClose={onClose}>
      {shown ? <One key={shown} number={shown} onBack={() => show(undefined)} onOpen={show} /> : <List onOpen={show} />}
    </Sheet>
  );
}

function Status({ status }: { status: OwnTicket["status"] }) {
  const { words } = useWindow();
  return <span class={`ticket-status ${tone(status)}`}>{named(words.ticketStatus, status) ?? words.ticketStatus.open}</span>;
}

function List({ onOpen }: { onOpen: (number: string) => void }) {
  const { chat, words } = useWindow();
  const said = words.tickets;
  const [items, setItems] = useState<OwnTicket[]>();
  const [more, setMore] = useState(false);
  const [failed, setFailed] = useState(false);
  const load = (before?: string) =>
    chat.desk.tickets(before).then((page) => {
      setItems((known) => [...(before ? (known ?? []) : []), ...page.tickets]);
      setMore(page.more);
    }, () => setFailed(true));
  useEffect(() => void load(), [chat.ticketChanges]);
  if (failed && !items) return <p class="hint">{said.failed}</p>;
  if (!items) return <p class="hint">{words.loading}</p>;
  if (items.length === 0) return <p class="hint">{said.empty}</p>;
  return (
    <ul class="tickets">
      {items.map((one) => (
        <li key={one.number}>
          <button type="button" onClick={() => onOpen(one.number)}>
            <span class="ticket-title">{one.title}</span><Status status={one.status} />
            <small>{one.number} · {momentOf(words, one.updated_at)}</small><Chevron />
          </button>
        </li>
      ))}
      {more && <li><button type="button" class="ticket-more" onClick={() => void load(items.at(-1)?.number)}>{said.more}</button></li>}
    </ul>
  );
}

function One({ number, onBack, onOpen }: { number: string; onBack: () => void; onOpen: (number: string) => void }) {
  const { chat, words, complain } = useWindow();
  const said = words.tickets;
  const reading = useReading();
  const [ticket, setTicket] = useState<OwnTicketDetail>();
  const [failed, setFailed] = useState(false);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const end = useRef<HTMLDivElement>(null);
  const load = () => chat.desk.ticket(number).then(setTicket, () => setFailed(true));
  useEffect(() => void load(), [number, chat.ticketChanges]);
  useEffect(() => end.current?.scrollIntoView({ block: "end" }), [ticket?.comments.length]);

  const answer = (what: { text?: string; solved?: boolean }) => {
    setBusy(true);
    setFault("");
    chat.desk.answerTicket(number, what).then(() => (setText(""), load()), complain).finally(() => setBusy(false));
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (!text.trim()) return setFault(said.missing);
    answer({ text: text.trim() });
  };
  if (!ticket) return <p class="hint">{failed ? said.failed : words.loading}</p>;
  const { comments, merged_into: into } = ticket;
  return (
    <div class="ticket">
      <p class="ticket-head"><button type="button" class="inline-action" onClick={onBack}>{said.back}</button><Status status={ticket.status} /></p>
      <h3>{ticket.title}</h3>
      {into && <p class="hint"><button type="button" class="inline-action" onClick={() => onOpen(into)}>{said.merged(into)}</button></p>}
      <ol class="ticket-talk">
        {ticket.text && <li class="customer"><small>{said.first} · {momentOf(words, ticket.created_at)}</small><p>{ticket.text}</p></li>}
        {comments.map((one) => (
          <li key={one.at + one.text} class={one.by}>
            <small>{one.by === "customer" ? said.you : (one.name ?? said.us)} · {momentOf(words, one.at)}</small>
            {one.text && one.by !== "customer" ? <Markdown text={one.text} reading={reading} /> : (one.text || !one.attachments) && <p>{one.text || said.takenBack}</p>}
            {one.attachments && <Attachments files={one.attachments} />}
          </li>
        ))}
      </ol>
      <div ref={end} />
      {ticket.status === "solved" && (
        <div class="ticket-solved">
          <b>{said.solved}</b>
          <div class="pair">
            <button type="button" disabled={busy} onClick={() => answer({ solved: true })}>{said.yes}</button>
            <button type="button" disabled={busy} onClick={() => answer({ solved: false })}>{said.no}</button>
          </div>
          {ticket.closes_at && <small>{said.closes(momentOf(words, ticket.closes_at))}</small>}
        </div>
      )}
      {ticket.answers_until && ticket.may_answer && <p class="hint">{said.until(momentOf(words, ticket.answers_until))}</p>}
      {ticket.may_answer ? (
        <form class="form" onSubmit={submit} noValidate>
          <label for="ticket-answer">{said.answer}</label>
          <textarea id="ticket-answer" rows={3} maxLength={5000} placeholder={said.placeholder} value={text} aria-invalid={Boolean(fault)} aria-describedby="ticket-fault" onInput={(event) => setText(event.currentTarget.value)} />
          <p class="fault" id="ticket-fault">{fault}</p>
          <div class="acts"><button type="submit" class="strong" disabled={busy}>{busy ? said.sending : said.send}</button></div>
        </form>
      ) : (
        <p class="hint">{said.over}</p>
      )}
    </div>
  );
}
