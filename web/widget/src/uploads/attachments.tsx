/** The files of a message: pictures that open large, cards for everything else; a link that has run out is renewed. */

import type { Attachment } from "@yingda/shared/events";
import { endingOf, fileUrl, isPicture, isVideo, sizeOf } from "@yingda/shared/uploads/files";
import { freshLink } from "@yingda/shared/uploads/refusal";
import { useEffect, useState } from "preact/hooks";
import { recall } from "../memory.ts";
import { useWindow } from "../parts/context.ts";
import "./files.css";

/** Links hold for some hours; a page that was open for longer asks for a new one, once. */
export function useFresh(file: Attachment): [Attachment, boolean, () => void] {
  const [fresh, setFresh] = useState(file);
  const [asked, setAsked] = useState(0);
  useEffect(() => setFresh(file), [file.url]);
  const renew = () => {
    setAsked(asked + 1);
    const token = recall<string>("visitor");
    if (asked > 0 || !file.id || !token) return setAsked(2);
    freshLink(file.id, token).then(setFresh, () => setAsked(2));
  };
  return [fresh, asked > 1, renew];
}

export function Attachments({ files }: { files: readonly Attachment[] }) {
  const own = files.filter(({ url }) => fileUrl(url));
  const pictures = own.filter(isPicture);
  const others = own.filter((file) => !isPicture(file));
  return (
    <>
      {pictures.length > 0 && (
        <div class={`pictures ${pictures.length === 1 ? "single" : ""}`}>
          {pictures.map((file, at) => <Thumb key={file.id ?? file.url} file={file} pictures={pictures} at={at} />)}
        </div>
      )}
      {others.map((file) => (isVideo(file) ? <Film key={file.id} file={file} /> : <FileCard key={file.id} file={file} />))}
    </>
  );
}

/** Pictures without words stand for themselves. */
export function bare(text: string | undefined, files: readonly Attachment[] | undefined): string {
  return !text && files?.length && files.every(isPicture) ? "bare" : "";
}

function Thumb({ file, pictures, at }: { file: Attachment; pictures: Attachment[]; at: number }) {
  const { words, showPictures } = useWindow();
  const [fresh, missing, renew] = useFresh(file);
  if (missing) return <span class="picture-missing">{words.pictureMissing}</span>;
  // Its room is there before it is: nothing moves when it arrives.
  const sides = file.width && file.height ? { width: file.width, height: file.height, style: { aspectRatio: `${file.width} / ${file.height}` } } : {};
  return (
    <button type="button" class="thumb" aria-label={`${words.picture} ${file.name}`} onClick={() => showPictures(pictures, at)}>
      <img {...sides} src={fileUrl(fresh.preview_url ?? fresh.url)} alt={file.name} loading="lazy" onError={renew} />
    </button>
  );
}

function Film({ file }: { file: Attachment }) {
  const [fresh, missing, renew] = useFresh(file);
  if (missing) return <FileCard file={fresh} />;
  return <video class="film" src={fileUrl(fresh.url)} controls preload="metadata" playsInline aria-label={file.name} onError={renew} />;
}

export function FileCard({ file }: { file: Attachment }) {
  const { words, complain } = useWindow();
  const [fresh] = useFresh(file);
  /** The link may have run out: it is renewed before the browser follows it. */
  const save = (event: MouseEvent) => {
    const until = Number(new URLSearchParams(fresh.url.split("?")[1]).get("until") ?? Infinity);
    const token = recall<string>("visitor");
    if (until * 1000 > Date.now() || !file.id || !token) return;
    event.preventDefault();
    freshLink(file.id, token).then(({ url }) => fileUrl(url) && location.assign(url), complain); // it is saved, the page stays
  };
  return (
    <a class="file-card" href={fileUrl(fresh.url)} download={file.name} target="_blank" rel="noopener" title={words.files.download(file.name)} onClick={save}>
      <span class="ending" aria-hidden="true">{endingOf(file.name)}</span>
      <span class="what"><span class="file-name">{file.name}</span>{file.bytes !== undefined && <span class="size">{sizeOf(file.bytes)}</span>}</span>
    </a>
  );
}
