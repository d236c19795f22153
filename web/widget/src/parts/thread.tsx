/** The one continuing thread: stays at its end while the reader is there, and stays put while they read above. */

import type { Event } from "@yingda/shared/events";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { beginningOf, stretched } from "../stretch.ts";
import { rowsOf, type Row } from "../thread.ts";
import { Announcer } from "./announcer.tsx";
import { useWindow } from "./context.ts";
import { Down } from "./icons.tsx";
import { Activity, Rows } from "./rows.tsx";
import { SurveyCard } from "./survey.tsx";

const NEAR_END = 80;
const NEAR_BEGINNING = 240;
const SHOWN_MS = 1_800;

export interface ThreadHandle {
  jumpTo: (event: Event) => void;
}

const keyOf = (rows: Row[], event: Event) =>
  rows.find((row) => row.type === "message" && row.event.seq === event.seq && row.event.conversation_id === event.conversation_id)?.key;

export function Thread({ handle, onLeave }: { handle: { current: ThreadHandle | undefined }; onLeave: () => void }) {
  const { chat, words } = useWindow();
  const box = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const settled = useRef({ at: 0, key: "", begins: false });
  const measured = useRef({ height: 0, firstKey: "" });
  const wanted = useRef<string | undefined>(undefined);
  const [from, setFrom] = useState<string>();
  const [below, setBelow] = useState(false);
  const [current, setCurrent] = useState("");
  const all = rowsOf({
    conversations: chat.logs.map((log) => ({ id: log.conversationId, events: log.events })),
    letters: chat.outbox.letters,
    greetAfter: chat.threads.greetAfter,
    greetedAt: chat.threads.greetedAt,
  });
  const keys = all.map((row) => row.key);
  const beginning = beginningOf(keys, from, pinned.current);
  const rows = beginning ? all.slice(beginning) : all;
  const lastKey = keys.at(-1) ?? "";
  const firstKey = rows[0]?.key ?? "";
  const more = beginning > 0 || chat.threads.hasEarlier;

  handle.current = {
    jumpTo: (event) => {
      const key = keyOf(all, event);
      if (!key) return;
      wanted.current = key;
      pinned.current = false;
      setFrom(keys[stretched(beginning, keys.indexOf(key) - 10)]);
      show();
    },
  };

  useLayoutEffect(() => {
    const element = box.current!;
    const { height, firstKey: before } = measured.current;
    if (wanted.current) show();
    else if (pinned.current) settle();
    else if (before && before !== firstKey) element.scrollTop += element.scrollHeight - height;
    measured.current = { height: element.scrollHeight, firstKey };
  });
  useEffect(() => {
    if (!pinned.current && lastKey) setBelow(true);
    if (all.at(-1)?.type === "letter") toEnd();
  }, [lastKey]);
  useEffect(() => {
    if (chat.state === "waiting") toEnd(); // who asked for a human further up sees what came of it
  }, [chat.state]);
  useEffect(() => {
    // Pictures that arrive late and a keyboard that opens must not push the end out of sight.
    const watcher = new ResizeObserver(() => pinned.current && settle());
    watcher.observe(box.current!);
    watcher.observe(box.current!.firstElementChild!);
    return () => watcher.disconnect();
  }, []);

  const rowAt = (key: string) => box.current!.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  /** Brings the wanted row to the middle and marks it for a moment. */
  const show = () => {
    const row = wanted.current && rowAt(wanted.current);
    if (!row) return;
    wanted.current = undefined;
    row.scrollIntoView({ block: "center" });
    row.classList.add("shown");
    setTimeout(() => row.classList.remove("shown"), SHOWN_MS);
    setCurrent(row.dataset.key!);
    row.focus({ preventScroll: true });
  };
  /** At the end; but an answer longer than the window shows its beginning, where people read on, until they have gone on. */
  const settle = () => {
    const element = box.current!;
    const last = element.querySelector<HTMLElement>(".rows > .row:last-child");
    const key = last?.dataset.key ?? "";
    const tall = last !== null && last.classList.contains("theirs") && last.offsetHeight > element.clientHeight - 24;
    const { at, key: before, begins: stands } = settled.current;
    const begins = tall && (before !== key || (stands && at === element.scrollTop));
    const greets = element.querySelectorAll(".row").length < 2; // nothing was said yet: the greeting is read from its beginning
    const top = begins ? last.offsetTop - 44 : greets ? 0 : element.scrollHeight;
    element.scrollTop = top < 60 ? 0 : top;
    settled.current = { at: element.scrollTop, key, begins };
  };
  const toEnd = () => {
    const element = box.current!;
    element.scrollTop = element.scrollHeight;
    pinned.current = true;
    setBelow(false);
  };
  const goUp = () => {
    if (beginning > 0) setFrom(keys[stretched(beginning)]);
    else void chat.threads.loadEarlier();
  };
  const onScroll = () => {
    const element = box.current!;
    const at = element.scrollTop;
    pinned.current = element.scrollHeight - at - element.clientHeight < NEAR_END || (pinned.current && at === settled.current.at);
    if (pinned.current) setBelow(false);
    else if (beginning > 0 && at < NEAR_BEGINNING) goUp();
  };
  /** Arrow keys go from message to message; Tab from there to what can be done with it. */
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const onRow = target.matches("[data-key]");
    if (event.key === "Escape" && onRow) {
      event.stopPropagation();
      return onLeave();
    }
    if ((target !== box.current && !onRow) || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const messages = [...box.current!.querySelectorAll<HTMLElement>("[data-key]")];
    const at = onRow ? messages.indexOf(target) : messages.length;
    const next = messages[event.key === "ArrowUp" ? at - 1 : at + 1];
    if (!next) return;
    setCurrent(next.dataset.key!);
    next.focus();
  };

  return (
    <div class="thread-frame">
      <div class="thread" ref={box} onScroll={onScroll} onKeyDown={onKeyDown} tabIndex={0} role="log" aria-live="off" aria-label={words.conversation}>
        <div class="rows">
          {more && (
            <button type="button" class="earlier" disabled={chat.threads.loadingEarlier} onClick={goUp}>
              {chat.threads.loadingEarlier ? words.loading : words.earlier}
            </button>
          )}
          <Rows rows={rows} current={current} />
          <SurveyCard />
          <Activity rows={rows} />
        </div>
      </div>
      <Announcer />
      {below && <button type="button" class="to-end" onClick={toEnd}><Down />{words.newMessages}</button>}
    </div>
  );
}
