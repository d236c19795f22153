/** Who is answering now, what else there is to do, and the way out. */

import { useWindow } from "./context.ts";
import { Close } from "./icons.tsx";
import { Menu } from "./menu.tsx";
import { Avatar, agentOf } from "./speaker.tsx";

export function Header({ onClose }: { onClose: (() => void) | undefined }) {
  const { chat, words } = useWindow();
  const state = chat.state;
  const agent = state === "human" ? agentOf(chat.current?.events ?? []) : undefined;
  const closed = chat.welcome?.hours.open === false;
  const subtitle =
    !chat.welcome ? words.subtitle.connecting
    : state === "waiting" ? words.subtitle.waiting
    : state === "human" ? words.subtitle.human
    : closed ? words.subtitle.botAfterHours
    : words.subtitle.bot;
  return (
    <header class="header">
      <Avatar kind={agent ? "agent" : "bot"} id={agent?.id} name={agent?.name} picture={agent?.picture} />
      <div class="header-words">
        <h1>
          <span class="who">{agent ? agent.name : words.botName}</span>
          {agent ? agent.staff && <small>{words.staff(agent.staff)}</small> : <span class="mark">{words.botMark}</span>}
        </h1>
        <p class={`presence ${chat.status === "open" ? (closed && state !== "human" ? "partly" : "on") : "off"}`}>{subtitle}</p>
      </div>
      <Menu />
      {onClose && (
        <button type="button" class="icon-button" aria-label={words.close} title={words.close} onClick={onClose}><Close /></button>
      )}
    </header>
  );
}

export function Banner() {
  const { chat, words } = useWindow();
  if (chat.status === "refused") {
    return (
      <div class="banner bad" role="alert">
        <span>{words.banner.refused}</span>
        <button type="button" onClick={() => chat.connection.connect()}>{words.banner.retry}</button>
      </div>
    );
  }
  if (chat.status === "waiting") return <div class="banner late" role="status"><span class="spinner" />{words.banner.offline}</div>;
  return null;
}
