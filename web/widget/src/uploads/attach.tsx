/** How files come in: a small menu behind the paper-clip, pasting, and dropping anywhere on the window. */

import { ACCEPT, filesOf } from "@yingda/shared/uploads/files";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWindow } from "../parts/context.ts";
import { Camera, Clip, Gallery, Handset, Paper } from "./icons.tsx";
import "./files.css";

const touch = () => matchMedia("(pointer: coarse)").matches;

export function AttachButton() {
  const { chat, words, showContinue } = useWindow();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const w = words.files;

  const choose = (accept: string, camera = false) => {
    const element = input.current!;
    element.accept = accept;
    if (camera) element.setAttribute("capture", "environment");
    else element.removeAttribute("capture");
    element.multiple = !camera;
    setOpen(false);
    element.click();
  };
  useEffect(() => {
    if (!open) return;
    box.current!.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const away = (event: Event) => !box.current!.contains(event.target as Node) && setOpen(false);
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const items = [...box.current!.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[(to + items.length) % items.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      setOpen(false);
      box.current!.querySelector<HTMLElement>(".attach")?.focus();
    } else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };
  const phone = touch();
  return (
    <div class="attaching" ref={box} onKeyDown={onKeyDown}>
      <button type="button" class="attach" aria-label={w.attach} title={w.attach} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}><Clip /></button>
      {open && (
        <div class="attach-menu" role="menu" aria-label={w.attach}>
          {phone && <button type="button" role="menuitem" onClick={() => choose("image/*", true)}><Camera />{w.camera}</button>}
          {phone && <button type="button" role="menuitem" onClick={() => choose("image/*")}><Gallery />{w.album}</button>}
          <button type="button" role="menuitem" onClick={() => choose(ACCEPT)}><Paper />{phone ? w.file : w.choose}</button>
          {!phone && <button type="button" role="menuitem" onClick={() => (setOpen(false), showContinue())}><Handset />{w.phone}</button>}
        </div>
      )}
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
