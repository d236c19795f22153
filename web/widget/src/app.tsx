/** The chat window: header, thread, line, composer, and the one sheet that may lie above them. */

import { RequestError } from "@yingda/shared/socket";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Bridge } from "./bridge.ts";
import type { Chat } from "./chat.ts";
import { Composer, type ComposerHandle } from "./parts/composer.tsx";
import { WindowContext, useChanges, type Window } from "./parts/context.ts";
import { Banner, Header } from "./parts/header.tsx";
import { CallbackSheet } from "./parts/callback_sheet.tsx";
import { CardSheet } from "./parts/card_sheet.tsx";
import { LeaveMessage } from "./parts/leave_message.tsx";
import { QueueBar } from "./parts/queue.tsx";
import { EndQuestion, PictureView } from "./parts/sheets.tsx";
import { Thread } from "./parts/thread.tsx";
import { TicketsLater } from "./parts/later.tsx";
import { named, type Words } from "./words/words.ts";

type SheetState = { kind: "message"; text: string } | { kind: "callback" } | { kind: "card" } | { kind: "end" } | { kind: "tickets"; number: string | undefined } | { kind: "picture"; url: string; name: string };

const NOTICE_MS = 4_000;

export function App({ chat, words, bridge }: { chat: Chat; words: Words; bridge: Bridge | undefined }) {
  useChanges(chat);
  const [sheet, setSheet] = useState<SheetState>();
  const [notice, setNotice] = useState("");
  const [visible, setVisible] = useState(() => bridge?.isOpen ?? !document.hidden);
  const composer = useRef<ComposerHandle | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const complain = (error: unknown) => {
    const code = error instanceof RequestError ? error.code : "other";
    setNotice(named(words.error, code) ?? words.error.other);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setNotice(""), NOTICE_MS);
  };
  const leaveMessage = (text?: string) => setSheet({ kind: "message", text: text ?? lastQuestion(chat) });
  const window: Window = {
    chat,
    words,
    complain,
    leaveMessage,
    bookCallback: () => setSheet({ kind: "callback" }),
    showCard: () => setSheet({ kind: "card" }),
    askToEnd: () => setSheet({ kind: "end" }),
    showTickets: (number) => setSheet({ kind: "tickets", number }),
    showPicture: (url, name) => setSheet({ kind: "picture", url, name }),
    compose: (text, hint) => composer.current?.fill(text, hint),
    toHuman: () => {
      chat.requestHuman().then((ack) => {
        if (ack?.outcome === "after_hours") leaveMessage();
      }, complain);
    },
  };

  useEffect(() => {
    const look = () => {
      const open = !document.hidden && (bridge?.isOpen ?? true);
      setVisible(open);
      if (open && bridge && matchMedia("(hover: hover)").matches) composer.current?.fill();
    };
    bridge?.onVisibility(look);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  useEffect(() => {
    if (visible) chat.markRead();
    bridge?.report(visible ? 0 : chat.unread, chat.state === "waiting" || chat.state === "human");
  });

  const close = () => setSheet(undefined);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing && bridge) bridge.close();
  };
  return (
    <WindowContext.Provider value={window}>
      <div class={`chat ${bridge ? "embedded" : "alone"}`} lang={words.tag} onKeyDown={onKeyDown}>
        <Header onClose={bridge && (() => bridge.close())} />
        <Banner />
        {chat.welcome?.announcement && <p class="announcement" role="status">{chat.welcome.announcement}</p>}
        <Thread />
        <QueueBar />
        <Composer handle={composer} />
        {notice && <p class="notice" role="alert">{notice}</p>}
        {sheet?.kind === "message" && <LeaveMessage text={sheet.text} onClose={close} />}
        {sheet?.kind === "tickets" && <TicketsLater number={sheet.number} onClose={close} />}
        {sheet?.kind === "callback" && <CallbackSheet onClose={close} />}
        {sheet?.kind === "card" && <CardSheet onClose={close} />}
        {sheet?.kind === "end" && <EndQuestion onClose={close} />}
        {sheet?.kind === "picture" && <PictureView url={sheet.url} name={sheet.name} onClose={close} />}
      </div>
    </WindowContext.Provider>
  );
}

/** What the customer asked last in the open conversation, as the beginning of a message left. */
function lastQuestion(chat: Chat): string {
  const own = (chat.current?.events ?? []).filter((event) => event.kind === "message" && event.actor.kind === "customer" && event.text);
  return own.filter((event) => !/^(转人工|都不是|人工)/.test(event.text!)).at(-1)?.text ?? "";
}
