/** What is seldom wanted: tickets, the talk by mail, the sound, what is said about data, the end. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWindow } from "./context.ts";
import { Bell, Dots, Leave, Mail, Shield, Ticket, Tick } from "./icons.tsx";

interface Item {
  key: string;
  icon: ComponentChildren;
  label: string;
  act: () => void;
  /** Of something that is on or off. */
  on?: boolean;
}

export function Menu() {
  const { chat, words, bell, showTickets, mailTalk, showPrivacy, askToEnd } = useWindow();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const items: Item[] = [{ key: "sound", icon: <Bell />, label: words.talk.sound, act: () => (bell.isOn = !bell.isOn), on: bell.isOn }];
  if (chat.welcome?.transcripts && chat.current) items.unshift({ key: "mail", icon: <Mail />, label: words.mail.open, act: mailTalk });
  if (chat.hasTickets) items.unshift({ key: "tickets", icon: <Ticket />, label: words.myTickets, act: () => showTickets() });
  if (chat.welcome?.privacy) items.push({ key: "privacy", icon: <Shield />, label: words.privacy.title, act: showPrivacy });
  if (chat.state === "human" || chat.state === "bot") items.push({ key: "end", icon: <Leave />, label: words.endChat, act: askToEnd });

  const entries = () => [...(box.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  const close = (back = true) => {
    setOpen(false);
    if (back) button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    entries()[0]?.focus();
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) close(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === "Escape" || event.key === "Tab") {
      event.stopPropagation();
      return close();
    }
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    all[(next + all.length) % all.length]?.focus();
  };
  return (
    <div class="menu-place" ref={box} onKeyDown={onKeyDown}>
      <button ref={button} type="button" class="icon-button" aria-label={words.more} title={words.more} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}><Dots /></button>
      {open && (
        <div class="menu" role="menu" aria-label={words.more}>
          {items.map(({ key, icon, label, act, on }) => (
            <button
              key={key}
              type="button"
              role={on === undefined ? "menuitem" : "menuitemcheckbox"}
              aria-checked={on}
              tabIndex={-1}
              class={key === "end" ? "apart" : undefined}
              onClick={() => {
                close();
                act();
              }}
            >
              {icon}<span>{label}</span>{on && <Tick />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
