/** Pictures in large: zoomed by wheel, pinch, double tap and keys, one after the other; loaded when the first opens. */

import type { Attachment } from "@yingda/shared/events";
import { fileUrl } from "@yingda/shared/uploads/files";
import { Zooming } from "@yingda/shared/uploads/zooming";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWindow } from "../parts/context.ts";
import { Close } from "../parts/icons.tsx";
import { Sheet } from "../parts/sheets.tsx";
import { useFresh } from "./attachments.tsx";
import { After, Before, Save, ZoomIn, ZoomOut } from "./icons.tsx";
import "./viewer.css";

export interface ViewerProps {
  pictures: readonly Attachment[];
  at: number;
  onClose: () => void;
}

export function Viewer({ pictures, at: first, onClose }: ViewerProps) {
  const [at, setAt] = useState(first);
  const turn = (by: number) => setAt(Math.min(pictures.length - 1, Math.max(0, at + by)));
  return <Shown key={at} file={pictures[at]!} at={at} count={pictures.length} turn={turn} onClose={onClose} />;
}

function Shown({ file, at, count, turn, onClose }: { file: Attachment; at: number; count: number; turn: (by: number) => void; onClose: () => void }) {
  const { words } = useWindow();
  const w = words.files;
  const [fresh, missing, renew] = useFresh(file);
  const [scale, setScale] = useState(1);
  const [loaded, setLoaded] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLImageElement>(null);
  const zoom = useRef<Zooming | undefined>(undefined);
  useEffect(() => {
    zoom.current = new Zooming(frame.current!, picture.current!, setScale);
    return () => zoom.current?.end();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const z = zoom.current!;
    const acts: Record<string, () => unknown> = {
      "+": z.in, "=": z.in, "-": z.out, "0": z.reset,
      ArrowLeft: () => z.pan(60, 0) || turn(-1),
      ArrowRight: () => z.pan(-60, 0) || turn(1),
      ArrowUp: () => z.pan(0, 60),
      ArrowDown: () => z.pan(0, -60),
    };
    const act = event.ctrlKey || event.metaKey ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <Sheet title={file.name || words.picture} onClose={onClose} kind="picture-view" writes={false}>
      <div class="viewer" onKeyDown={onKeyDown}>
        <div class="viewer-bar">
          <button type="button" aria-label={words.closePicture} onClick={onClose}><Close /></button>
          <p title={file.name}>{count > 1 && <span>{at + 1} / {count}</span>}{file.name}</p>
          <button type="button" aria-label={w.zoomOut} disabled={scale <= 1} onClick={() => zoom.current!.out()}><ZoomOut /></button>
          <button type="button" aria-label={w.zoomIn} onClick={() => zoom.current!.in()}><ZoomIn /></button>
          <a class="viewer-save" href={fileUrl(fresh.url)} download={file.name} target="_blank" rel="noopener" aria-label={w.download(file.name)}><Save /></a>
        </div>
        <div class={`viewer-frame ${scale > 1 ? "large" : ""}`} ref={frame} tabIndex={0} role="group" aria-label={`${file.name} ${Math.round(scale * 100)}%`}>
          {!loaded && !missing && <span class="spinner" />}
          {missing ? <p class="viewer-missing">{words.pictureMissing}</p> : null}
          <img ref={picture} class={loaded ? "" : "loading"} src={fileUrl(fresh.url)} alt={file.name} draggable={false} onLoad={() => setLoaded(true)} onError={renew} />
        </div>
        {at > 0 && <button type="button" class="viewer-turn before" aria-label={w.previous} onClick={() => turn(-1)}><Before /></button>}
        {at < count - 1 && <button type="button" class="viewer-turn after" aria-label={w.next} onClick={() => turn(1)}><After /></button>}
      </div>
    </Sheet>
  );
}
