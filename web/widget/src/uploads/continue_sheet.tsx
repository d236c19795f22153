/** 扫码到手机继续: a code that opens this chat on the phone, to photograph a screen; what arrives closes the sheet. */

import { useEffect, useRef, useState } from "preact/hooks";
import { recall } from "../memory.ts";
import { useWindow } from "../parts/context.ts";
import { Sheet } from "../parts/sheets.tsx";
import { Again, Handset } from "./icons.tsx";
import "./continue.css";

interface Code {
  svg: string;
  expires_at: string;
}

export function ContinueSheet({ onClose }: { onClose: () => void }) {
  const { chat, words } = useWindow();
  const w = words.phone;
  const [code, setCode] = useState<Code>();
  const [trouble, setTrouble] = useState<"failed" | "over">();
  const known = useRef(new Set(filesOf(chat)));

  const ask = () => {
    setCode(undefined);
    setTrouble(undefined);
    fetchCode(chat.site).then(setCode, () => setTrouble("failed"));
  };
  useEffect(ask, []);
  useEffect(() => {
    if (!code) return;
    const timer = setTimeout(() => setTrouble("over"), Math.max(0, Date.parse(code.expires_at) - Date.now()));
    return () => clearTimeout(timer);
  }, [code]);
  const arrived = filesOf(chat).some((id) => !known.current.has(id));
  useEffect(() => {
    if (arrived) onClose();
  }, [arrived]);

  const until = code && new Date(code.expires_at);
  return (
    <Sheet title={w.title} onClose={onClose} writes={false} kind="continue">
      <p class="hint">{w.intro}</p>
      <div class={`qr ${trouble ?? ""}`}>
        {code ? <img src={`data:image/svg+xml;base64,${btoa(code.svg)}`} alt={w.code} width={208} height={208} /> : !trouble && <span class="spinner" />}
        {trouble && <button type="button" class="qr-again" onClick={ask}><Again />{w.renew}</button>}
      </div>
      <p class="qr-says" role="status">
        <Handset />{trouble ? w[trouble] : until ? w.holds(`${until.getHours()}:${String(until.getMinutes()).padStart(2, "0")}`) : words.loading}
      </p>
    </Sheet>
  );
}

/** The files that the customer has sent so far, from whatever device. */
function filesOf(chat: ReturnType<typeof useWindow>["chat"]): string[] {
  const own = (chat.current?.events ?? []).filter((event) => event.actor.kind === "customer");
  return own.flatMap((event) => (event.attachments ?? []).flatMap(({ id }) => id ?? []));
}

async function fetchCode(site: string | undefined): Promise<Code> {
  const answer = await fetch("/api/v1/continuations", {
    method: "POST",
    headers: { Authorization: `Bearer ${recall<string>("visitor")}`, "Content-Type": "application/json" },
    body: JSON.stringify(site ? { site } : {}),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Code;
}
