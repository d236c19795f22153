/** How answers are read in this window: pictures open large, 〔转人工〕 is a button. */

import { videoUrl } from "@yingda/shared/uploads/files";
import { useEffect, useState } from "preact/hooks";
import type { Reading } from "../markdown.tsx";
import { useWindow } from "./context.ts";

export function useReading(): Reading {
  const { words, showPicture, toHuman, leaveMessage } = useWindow();
  return {
    picture: (url, name) => <Picture url={url} name={name} onOpen={() => showPicture(url, name)} />,
    video: (url, name, poster) => <Video url={url} name={name} poster={poster} />,
    action: (label) => {
      const act = label === words.toHuman ? toHuman : label === words.leaveMessage ? () => leaveMessage() : undefined;
      return act && <button type="button" class="inline-action" onClick={act}>{label}</button>;
    },
  };
}

/** Nothing is fetched before somebody presses play; what cannot be played here opens beside the chat. */
function Video({ url, name, poster }: { url: string; name: string; poster: string | undefined }) {
  const [broken, setBroken] = useState(false);
  const source = broken ? undefined : videoUrl(url);
  return (
    <span class="clip">
      {source && <video src={source} poster={poster} controls preload="none" playsInline aria-label={name} onError={() => setBroken(true)} />}
      <a href={url} target="_blank" rel="noopener noreferrer nofollow">▶ {name || url.split("/").at(-1)}</a>
    </span>
  );
}

/** One that could not be had is asked for again with each new connection. */
export function Picture({ url, name, onOpen }: { url: string; name: string; onOpen: () => void }) {
  const { chat, words } = useWindow();
  const [missing, setMissing] = useState(false);
  useEffect(() => (missing ? chat.connection.on("welcome", () => setMissing(false)) : undefined), [missing]);
  if (missing) return <span class="picture-missing">{words.pictureMissing}{name && ` · ${name}`}</span>;
  return (
    <button type="button" class="picture" aria-label={`${words.picture} ${name}`} onClick={onOpen}>
      <img src={url} alt={name} onError={() => setMissing(true)} />
    </button>
  );
}
