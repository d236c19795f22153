/** What lies over the thread for a moment: the frame of every sheet. It comes with the first one that is opened. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useWindow } from "./context.ts";
import { Close } from "./icons.tsx";
import "../styles/sheets.css";

const FOCUSABLE = "button:not(:disabled), input, textarea, a[href]";

/** A dialog that keeps the keyboard inside, closes on Escape and gives the focus back. */
export function Sheet({ title, over, onClose, children, kind = "", writes = true }: { title: string; over?: string; onClose: () => void; children: ComponentChildren; kind?: string; writes?: boolean }) {
  const { words } = useWindow();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    // What is there to be read first must not bring up a phone's keyboard.
    ((writes ? box.current!.querySelector<HTMLElement>("[autofocus], textarea, input") : null) ?? box.current!.querySelector<HTMLElement>(FOCUSABLE))?.focus();
    return () => before?.focus({ preventScroll: true });
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      return onClose();
    }
    if (event.key !== "Tab") return;
    const all = [...box.current!.querySelectorAll<HTMLElement>(FOCUSABLE)];
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? all.at(-1) : all[0])?.focus();
    }
  };
  return (
    <div class={`veil ${kind}`} onClick={(event) => event.target === event.currentTarget && onClose()} onKeyDown={onKeyDown}>
      <div class="sheet" ref={box} role="dialog" aria-modal="true" aria-label={title}>
        {kind !== "picture-view" && <header><div>{over && <p class="over">{over}</p>}<h2>{title}</h2></div><button type="button" class="icon-button" aria-label={words.form.cancel} onClick={onClose}><Close /></button></header>}
        {children}
      </div>
    </div>
  );
}
