/** Who is answering now, and the way out. */

import type { Event } from "@yingda/shared/events";
import { Close, Mark, Ticket } from "./icons.tsx";
import { useWindow } from "./context.ts";

/** The agent who has the conversation, from the last state that names one. */
export function agentOf(events: Event[]): { name: string; staff: string | undefined } | undefined {
  for (let at = events.length - 1; at >= 0; at -= 1) {
    const event = events[at]!;
    if (event.kind !== "state") continue;
    return event.state === "human" && event.agent ? { name: event.agent.name, staff: event.agent.staff_number } : undefined;
  }
  return undefined;
}

export function Avatar({ kind, name }: { kind: string; name?: string | undefined }) {
  if (kind !== "agent") return <span class="avatar bot"><Mark /></span>;
  return <span class="avatar agent" aria-hidden="true">{[...(name ?? "")][0] ?? "客"}</span>;
}

export function Header({ onClose }: { onClose: (() => void) | undefined }) {
  const { chat, words, showTickets } = useWindow();
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
      <Avatar kind={agent ? "agent" : "bot"} name={agent?.name} />
      <div class="header-words">
        <h1>{agent ? words.who(agent.name, agent.staff) : words.title}</h1>
        <p class={`presence ${chat.status === "open" ? (closed && state !== "human" ? "partly" : "on") : "off"}`}>{subtitle}</p>
      </div>
      {chat.hasTickets && (
        <button type="button" class="icon-button" aria-label={words.myTickets} title={words.myTickets} onClick={() => showTickets()}><Ticket /></button>
      )}
      {onClose && (
        <button type="button" class="icon-button" aria-label={words.close} onClick={onClose}><Close /></button>
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
  if (chat.status === "waiting") return <div class="banner" role="status"><span class="spinner" />{words.banner.offline}</div>;
  return null;
}
