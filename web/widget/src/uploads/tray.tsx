/** What is about to be sent, above the field: looked at, cancelled, tried again. */

import { endingOf, sizeOf } from "@yingda/shared/uploads/files";
import type { Upload } from "@yingda/shared/uploads";
import { useWindow } from "../parts/context.ts";
import { Alert, Close } from "../parts/icons.tsx";
import { Again } from "./icons.tsx";
import "./tray.css";

export function UploadTray() {
  const { chat, words } = useWindow();
  const { uploads } = chat;
  const failed = uploads.items.filter(({ status }) => status === "failed");
  return (
    <div class="tray">
      <ul>{uploads.items.map((item) => <Chip key={item.id} item={item} />)}</ul>
      <p class="tray-says" role="status">
        {uploads.tooMany ? words.files.tooMany(uploads.most)
          : failed[0] ? whyOf(words, failed[0])
          : uploads.items.some(({ stalled }) => stalled) ? words.files.stalled
          : ""}
      </p>
    </div>
  );
}

function Chip({ item }: { item: Upload }) {
  const { chat, words } = useWindow();
  const { uploads } = chat;
  const under = item.status === "waiting" || item.status === "sending";
  const percent = Math.round(item.progress * 100);
  const again = item.status === "failed" && !HOPELESS.has(item.error ?? "");
  return (
    <li class={`upload ${item.status}`} title={item.name}>
      {item.picture
        ? <img src={item.picture} alt={item.name} />
        : <span class="upload-file"><span class="ending" aria-hidden="true">{endingOf(item.name)}</span><span class="what"><span class="file-name">{item.name}</span><span class="size">{sizeOf(item.bytes)}</span></span></span>}
      {under && (
        <span class="upload-veil" role="progressbar" aria-label={item.name} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100}>
          <span class="ring" style={{ "--share": `${percent}%` }} />
        </span>
      )}
      {again && <button type="button" class="upload-veil again" aria-label={words.files.again(item.name)} onClick={() => uploads.retry(item.id)}><Again /></button>}
      {item.status === "failed" && !again && <span class="upload-veil bad"><Alert /></span>}
      <button type="button" class="upload-remove" aria-label={(under ? words.files.cancel : words.files.remove)(item.name)} onClick={() => uploads.remove(item.id)}><Close /></button>
    </li>
  );
}

/** What another try would not change. */
const HOPELESS = new Set(["invalid", "too_large", "unauthorized", "forbidden", "lost"]);

function whyOf(words: ReturnType<typeof useWindow>["words"], { error, details, name }: Upload): string {
  const w = words.files;
  if (error === "too_large") return details["limit_pixels"] ? w.tooWide(name) : w.tooLarge(name, Math.round(Number(details["limit"] ?? 0) / 1024 / 1024));
  if (error === "invalid") return details["kinds"] ? w.kind(name) : details["infected"] ? w.infected(name) : w.broken(name);
  if (error === "lost") return w.lost(name);
  return error === "rate_limited" ? w.often : w.failed(name);
}
