/** The chat window: header, thread, line, composer, and the one sheet that may lie above them. */

import type { Attachment } from "@yingda/shared/events";
import { RequestError } from "@yingda/shared/socket";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Bell } from "./bell.ts";
import type { Bridge } from "./bridge.ts";
import type { Chat } from "./chat.ts";
import { Composer, type ComposerHandle } from "./parts/composer.tsx";
import { WindowContext, useChanges, type Window } from "./parts/context.ts";
import { Banner, Header } from "./parts/header.tsx";
import { ArticleLater, CallbackLater, CardLater, ContinueLater, EndLater, MailLater, MessageLater, PhoneBarLater, PrivacyLater, TicketsLater, ViewerLater } from "./parts/later.tsx";
import { PrivacyLine } from "./parts/privacy.tsx";
import { QueueBar } from "./parts/queue.tsx";
import { Thread, type ThreadHandle } from "./parts/thread.tsx";
import { newestUnseen } from "./preview.ts";
import { DropZone } from "./uploads/attach.tsx";
import { named, type Words } from "./words/words.ts";

type SheetState =
  | { kind: "message"; text: string }
  | { kind: "callback" | "card" | "end" | "mail" | "privacy" | "continue" }
  | { kind: "tickets"; number: string | undefined }
  | { kind: "pictures"; pictures: readonly Attachment[]; at: number }
  | { kind: "article"; id: string; title: string };

const NOTICE_MS = 4_000;

export function App({ chat, words, bridge }: { chat: Chat; words: Words; bridge: Bridge | undefined }) {
  useChanges(chat);
  const [sheets, setSheets] = useState<SheetState[]>([]);
  const [notice, setNotice] = useState({ text: "", bad: false });
  const [visible, setVisible] = useState(() => bridge?.isOpen ?? !document.hidden);
  const composer = useRef<ComposerHandle | undefined>(undefined);
  const thread = useRef<ThreadHandle | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const bell = useMemo(() => new Bell(), []);

  // One and the same for all parts until the language changes: a part renders when something of its own has changed.
  const window = useMemo<Window>(() => {
    const open = (sheet: SheetState) => setSheets((before) => [...before, sheet]);
    const tell = (text: string, bad = false) => {
      setNotice({ text, bad });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setNotice({ text: "", bad: false }), NOTICE_MS);
    };
    const complain = (error: unknown) =>
      tell((error instanceof RequestError && named(words.error, error.code)) || words.error.other, true);
    const leaveMessage = (text?: string) => open({ kind: "message", text: text ?? lastQuestion(chat, words) });
    return {
      chat,
      words,
      bell,
      say: (text) => tell(text),
      complain,
      leaveMessage,
      bookCallback: () => open({ kind: "callback" }),
      showCard: () => open({ kind: "card" }),
      askToEnd: () => open({ kind: "end" }),
      showTickets: (number) => open({ kind: "tickets", number }),
      showPicture: (url, name) => open({ kind: "pictures", pictures: [{ url, name }], at: 0 }),
      showPictures: (pictures, at) => open({ kind: "pictures", pictures, at }),
      showContinue: () => open({ kind: "continue" }),
      showArticle: (id, title) => open({ kind: "article", id, title }),
      mailTalk: () => open({ kind: "mail" }),
      showPrivacy: () => open({ kind: "privacy" }),
      compose: (text, hint) => composer.current?.fill(text, hint),
      quote: (event) => composer.current?.quote(event),
      jumpTo: (event) => thread.current?.jumpTo(event),
      toHuman: () => {
        chat.requestHuman().then((ack) => {
          if (ack?.outcome === "after_hours") leaveMessage();
        }, complain);
      },
    };
  }, [chat, words]);

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
  useEffect(() => chat.hear((event) => {
    const id = event.id ?? "";
    if (!document.hidden && (bridge?.isOpen ?? true) && document.hasFocus()) bell.hush(id);
    else bell.ring(id);
  }), [chat]);
  useEffect(() => {
    if (visible) chat.markRead();
    const unread = visible ? 0 : chat.unread;
    if (bridge) bridge.report(unread, chat.state === "waiting" || chat.state === "human", visible ? undefined : newestUnseen(chat, words));
    else document.title = unread ? `(${unread}) ${words.title}` : words.title;
  });

  const close = () => setSheets((before) => before.slice(0, -1));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing && bridge) bridge.close();
  };
  return (
    <WindowContext.Provider value={window}>
      <div class={`chat ${bridge ? "embedded" : "alone"}`} lang={words.tag} onKeyDown={onKeyDown}>
        <Header onClose={bridge && (() => bridge.close())} />
        <Banner />
        {chat.welcome?.announcement && <p class="announcement" role="status">{chat.welcome.announcement}</p>}
        <Thread handle={thread} onLeave={() => composer.current?.fill()} />
        <QueueBar />
        <PrivacyLine />
        {chat.continued && <PhoneBarLater onClose={close} />}
        <Composer handle={composer} />
        <p class={`notice ${notice.text ? "" : "unseen"} ${notice.bad ? "bad" : ""}`} role={notice.bad ? "alert" : "status"}>{notice.text}</p>
        <DropZone />
        {sheets.map((sheet, at) => <SheetOf key={at} sheet={sheet} onClose={close} />)}
      </div>
    </WindowContext.Provider>
  );
}

function SheetOf({ sheet, onClose }: { sheet: SheetState; onClose: () => void }) {
  switch (sheet.kind) {
    case "message":
      return <MessageLater text={sheet.text} onClose={onClose} />;
    case "tickets":
      return <TicketsLater number={sheet.number} onClose={onClose} />;
    case "callback":
      return <CallbackLater onClose={onClose} />;
    case "card":
      return <CardLater onClose={onClose} />;
    case "mail":
      return <MailLater onClose={onClose} />;
    case "privacy":
      return <PrivacyLater onClose={onClose} />;
    case "end":
      return <EndLater onClose={onClose} />;
    case "pictures":
      return <ViewerLater pictures={sheet.pictures} at={sheet.at} onClose={onClose} />;
    case "continue":
      return <ContinueLater onClose={onClose} />;
    case "article":
      return <ArticleLater id={sheet.id} title={sheet.title} onClose={onClose} />;
  }
}

/** What the customer asked last in the open conversation, as the beginning of a message left. */
function lastQuestion(chat: Chat, { toHuman, noneOfThese }: Words): string {
  const own = (chat.current?.events ?? []).filter((event) => event.kind === "message" && event.actor.kind === "customer" && event.text);
  return own.filter(({ text }) => text !== toHuman && text !== noneOfThese && !/^(转人工|都不是|人工)/.test(text!)).at(-1)?.text ?? "";
}
