/** How files come in: the paper-clip, pasting, and dropping anywhere on the window. */

import { ACCEPT, filesOf } from "@yingda/shared/uploads/files";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWindow } from "../parts/context.ts";
import { AttachMenuLater } from "../parts/later.tsx";
import { Clip, Gallery } from "./icons.tsx";
import "./files.css";

export function AttachButton() {
  const { chat, words } = useWindow();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const w = words.files;

  const choose = (accept: string, camera = false) => {
    const element = input.current!;
    element.accept = accept;
    element.multiple = !camera;
    if (camera) element.setAttribute("capture", "environment");
    else element.removeAttribute("capture");
    setOpen(false);
    element.click();
  };
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => !box.current!.contains(event.target as Node) && setOpen(false);
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open || (event.key !== "Escape" && event.key !== "Tab")) return;
    setOpen(false);
    box.current!.querySelector<HTMLElement>(".attach")?.focus();
    if (event.key === "Escape") event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="attaching" ref={box} onKeyDown={onKeyDown}>
      <button type="button" class="attach" aria-label={w.attach} title={w.attach} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}><Clip /></button>
      {open && <AttachMenuLater choose={choose} onClose={() => setOpen(false)} />}
      <input ref={input} type="file" multiple accept={ACCEPT} hidden tabIndex={-1} aria-hidden="true" onChange={({ currentTarget }) => {
        chat.uploads.add(currentTarget.files ?? []);
        currentTarget.value = "";
      }} />
    </div>
  );
}

/** For the field: a pasted screenshot is a file; words go where words go. */
export function usePaste(): (event: ClipboardEvent) => void {
  const { chat } = useWindow();
  return (event) => {
    const files = filesOf(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    chat.uploads.add(files.map(named));
  };
}

/** A screenshot has no name of its own; several pasted ones should not look the same. */
const named = (file: File): File => (file.name && file.name !== "image.png" ? file : new File([file], `screenshot-${stamp()}.png`, { type: file.type }));
const stamp = () => new Date().toTimeString().slice(0, 8).replaceAll(":", "");

/** Lies over the whole window while a file is held above it. */
export function DropZone() {
  const { chat, words } = useWindow();
  const [over, setOver] = useState(false);
  useEffect(() => {
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const holds = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
    const onOver = (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      clearTimeout(leaving);
      leaving = setTimeout(() => setOver(false), 300); // dragover goes on for as long as it is held
      setOver(true);
    };
    const onDrop = (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      setOver(false);
      chat.uploads.add(filesOf(event.dataTransfer));
    };
    addEventListener("dragover", onOver);
    addEventListener("drop", onDrop);
    return () => {
      clearTimeout(leaving);
      removeEventListener("dragover", onOver);
      removeEventListener("drop", onDrop);
    };
  }, [chat]);
  return over ? <div class="dropping" aria-hidden="true"><p><Gallery />{words.files.drop}</p></div> : null;
}
