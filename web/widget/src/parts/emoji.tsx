/** The emoji picker: one button, a small grid, arrow keys. */

import { useEffect, useRef, useState } from "preact/hooks";
import { EMOJI } from "../emoji.ts";
import { useWindow } from "./context.ts";
import { Smile } from "./icons.tsx";

const COLUMNS = 8;

export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { words } = useWindow();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    box.current!.querySelector<HTMLElement>("[tabindex='0']")?.focus();
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      setOpen(false);
      return button.current?.focus();
    }
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(EMOJI.length - 1, at + step));
    setAt(next);
    box.current!.querySelectorAll<HTMLElement>(".emoji button")[next]?.focus();
  };
  return (
    <div class="emoji-place" ref={box} onKeyDown={onKeyDown}>
      <button ref={button} type="button" class="icon-button" aria-label={words.talk.emoji} title={words.talk.emoji} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}><Smile /></button>
      {open && (
        <div class="emoji" role="dialog" aria-label={words.talk.emoji}>
          {EMOJI.map((one, index) => (
            <button key={one} type="button" tabIndex={index === at ? 0 : -1} onClick={() => (setOpen(false), onPick(one))}>{one}</button>
          ))}
        </div>
      )}
    </div>
  );
}
