/** The menu behind the paper-clip: on a phone camera, library and files; on a computer files, and the phone. */

import { ACCEPT } from "@yingda/shared/uploads/files";
import { useEffect, useRef } from "preact/hooks";
import { useWindow } from "../parts/context.ts";
import { Camera, Gallery, Handset, Paper } from "./icons.tsx";
import "./tray.css";

export interface AttachMenuProps {
  /** Opens the file dialog, or the camera. */
  choose: (accept: string, camera?: boolean) => void;
  onClose: () => void;
}

export function AttachMenu({ choose, onClose }: AttachMenuProps) {
  const { words, showContinue } = useWindow();
  const box = useRef<HTMLDivElement>(null);
  const w = words.files;
  useEffect(() => box.current!.querySelector<HTMLElement>("[role=menuitem]")?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...box.current!.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    items[(to + items.length) % items.length]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  const phone = matchMedia("(pointer: coarse)").matches;
  return (
    <div class="attach-menu" role="menu" aria-label={w.attach} ref={box} onKeyDown={onKeyDown}>
      {phone && <button type="button" role="menuitem" onClick={() => choose("image/*", true)}><Camera />{w.camera}</button>}
      {phone && <button type="button" role="menuitem" onClick={() => choose("image/*")}><Gallery />{w.album}</button>}
      <button type="button" role="menuitem" onClick={() => choose(ACCEPT)}><Paper />{phone ? w.file : w.choose}</button>
      {!phone && <button type="button" role="menuitem" onClick={() => (onClose(), showContinue())}><Handset />{w.phone}</button>}
    </div>
  );
}
