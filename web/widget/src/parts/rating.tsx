/** 解决了吗 first, then one to five; a low mark is asked for its reason, an unsolved problem goes on. */

import { RequestError } from "@yingda/shared/socket";
import { useState } from "preact/hooks";
import type { Rating } from "../thread.ts";
import { usePassing, useWindow } from "./context.ts";
import { Face, Tick } from "./icons.tsx";

const CHANGEABLE_MS = 24 * 3_600_000;
const MARKS = [5, 4, 3, 2, 1];

export function RatingCard({ conversationId, rating }: { conversationId: string; rating: Rating }) {
  const { chat, words, toHuman, leaveMessage, complain } = useWindow();
  const [own, setOwn] = useState<{ resolved?: boolean; csat?: number; commented?: boolean }>({});
  const [changing, setChanging] = useState(false);
  const [comment, setComment] = useState("");
  const late = usePassing(rating.closedAt ? Date.parse(rating.closedAt) + CHANGEABLE_MS : Infinity);
  const resolved = own.resolved ?? (changing ? undefined : rating.resolved);
  const csat = own.csat ?? (changing ? undefined : rating.csat);
  const commented = own.commented ?? (!changing && rating.commented);
  const rate = (change: { resolved?: boolean; csat?: number; comment?: string }) => {
    const before = own;
    setOwn({ ...own, ...change, ...("comment" in change && { commented: true }) });
    chat.desk.rate(conversationId, rating.ticket ? { ...change, ticket: rating.ticket } : change).catch((error) => {
      setOwn(before);
      complain(error);
    });
  };
  /** With one click where we know how to reach them, else by leaving a message. */
  const followUp = () => {
    chat.desk.followUp(conversationId).catch((error) => (error instanceof RequestError && error.code === "invalid" ? leaveMessage() : complain(error)));
  };
  const again = () => {
    setOwn({});
    setChanging(true);
  };
  if (late && rating.resolved === undefined && rating.csat === undefined) return null;
  const low = csat !== undefined && csat <= 2 && !commented;
  const done = csat !== undefined && !low;
  return (
    <section class="card rating" aria-live="polite">
      {resolved === undefined && csat === undefined && (
        <>
          <h2>{rating.ticket ? words.rating.resolvedTicket(rating.ticket) : words.rating.resolved}</h2>
          <div class="pair">
            <button type="button" onClick={() => rate({ resolved: true })}>{words.rating.yes}</button>
            <button type="button" onClick={() => rate({ resolved: false })}>{words.rating.no}</button>
          </div>
        </>
      )}
      {resolved === false && csat === undefined && (
        <>
          <h2>{words.rating.unresolved}</h2>
          {rating.closedAt && <div class="pair">
            <button type="button" class="strong" onClick={toHuman}>{words.rating.again}</button>
            <button type="button" onClick={followUp}>{words.rating.ticket}</button>
          </div>}
        </>
      )}
      {resolved === true && csat === undefined && (
        <>
          <h2>{rating.agentName ? words.rating.satisfied(rating.agentName) : words.rating.satisfiedNobody}</h2>
          <div class="faces">
            {MARKS.map((mark) => (
              <button key={mark} type="button" onClick={() => rate({ csat: mark })}><Face mark={mark} /><span>{words.rating.marks[mark - 1]}</span></button>
            ))}
          </div>
        </>
      )}
      {low && (
        <form onSubmit={(event) => { event.preventDefault(); rate({ comment: comment.trim() }); }}>
          <h2><label for={`why-${conversationId}`}>{words.rating.low}</label></h2>
          <textarea id={`why-${conversationId}`} rows={3} maxLength={1000} placeholder={words.rating.commentHint} value={comment} onInput={(event) => setComment(event.currentTarget.value)} />
          <div class="pair"><button type="submit" class="strong">{words.rating.sendComment}</button></div>
        </form>
      )}
      {done && <p class="thanks"><Tick />{words.rating.thanks}<b>{words.rating.marks[csat - 1]}</b></p>}
      {(done || (resolved === false && csat === undefined)) && !late && <button type="button" class="change" onClick={again}>{words.rating.change}</button>}
    </section>
  );
}
