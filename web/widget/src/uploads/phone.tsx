/** The phone's side of 扫码到手机继续: opens the chat by the code's token, for this tab alone, and says what to do. */

import { render } from "preact";
import { useRef } from "preact/hooks";
import { keepForThisTab, recall, remember } from "../memory.ts";
import { useWindow } from "../parts/context.ts";
import type { Words } from "../words/words.ts";
import { Camera, Gallery } from "./icons.tsx";
import "./phone.css";

/** The site to go on with; undefined where the code opens nothing: the page says so then. */
export async function goOn(token: string | null, words: Words, root: Element): Promise<string | undefined> {
  keepForThisTab();
  const over = (title: string, hint = "") => render(<Over title={title} hint={hint} />, root);
  if (!token) {
    const kept = recall<string>("site");
    if (!kept) over(words.phone.used, words.phone.usedHint);
    return kept;
  }
  const answer = await fetch("/api/v1/continuations/use", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  }).catch(() => undefined);
  if (!answer?.ok) {
    const used = answer?.status === 404 || answer?.status === 400;
    over(used ? words.phone.used : words.phone.failed, used ? words.phone.usedHint : "");
    return undefined;
  }
  const device = (await answer.json()) as { visitor: string; site: string };
  remember("visitor", device.visitor);
  remember("site", device.site);
  // The code is used: a reload goes on with what this tab keeps.
  history.replaceState(null, "", `${location.pathname}${location.search}#continued`);
  return device.site;
}

function Over({ title, hint }: { title: string; hint: string }) {
  return (
    <main class="phone-over">
      <h1>{title}</h1>
      <p>{hint}</p>
    </main>
  );
}

/** Above the field: the two ways to a picture, and that it has gone. */
export function PhoneBar() {
  const { chat, words } = useWindow();
  const input = useRef<HTMLInputElement>(null);
  const known = useRef<number | undefined>(undefined);
  const sent = (chat.current?.events ?? []).filter((event) => event.actor.kind === "customer" && event.attachments?.length).length;
  if (chat.welcome && known.current === undefined && chat.current?.events.length) known.current = sent;
  const done = known.current !== undefined && sent > known.current && chat.uploads.items.length === 0;
  const choose = (camera: boolean) => {
    const element = input.current!;
    if (camera) element.setAttribute("capture", "environment");
    else element.removeAttribute("capture");
    element.multiple = !camera;
    element.click();
  };
  return (
    <section class="phone-bar" aria-label={words.phone.title}>
      <p role="status"><strong>{done ? words.phone.sent : words.phone.joined}</strong>{!done && <span>{words.phone.joinedHint}</span>}</p>
      <div>
        <button type="button" class="strong" onClick={() => choose(true)}><Camera />{words.files.camera}</button>
        <button type="button" onClick={() => choose(false)}><Gallery />{words.files.album}</button>
      </div>
      <input ref={input} type="file" accept="image/*" hidden tabIndex={-1} aria-hidden="true" onChange={({ currentTarget }) => {
        chat.uploads.add(currentTarget.files ?? []);
        currentTarget.value = "";
      }} />
    </section>
  );
}
