/** The talk by mail: an address, and the word that it is on its way. */

import { useState } from "preact/hooks";
import { useWindow } from "./context.ts";
import { Tick } from "./icons.tsx";
import { contactOf } from "./leave_message.tsx";
import { Sheet } from "./sheets.tsx";

export function MailSheet({ onClose }: { onClose: () => void }) {
  const { chat, words, complain } = useWindow();
  const [email, setEmail] = useState("");
  const [fault, setFault] = useState("");
  const [sending, setSending] = useState(false);
  const [sent, setSent] = useState<string>();
  const w = words.mail;
  const submit = (event: Event) => {
    event.preventDefault();
    const address = contactOf(email)?.email;
    setFault(address ? "" : email.trim() ? w.wrong : w.missing);
    if (!address) return document.getElementById("mail-address")?.focus();
    setSending(true);
    chat.desk.mailTalk(address).then(() => setSent(address), complain).finally(() => setSending(false));
  };
  if (sent) {
    return (
      <Sheet key="done" title={w.done} onClose={onClose}>
        <p class="done"><span class="tick"><Tick /></span>{w.doneHint(sent)}</p>
        <div class="acts"><button type="button" class="strong" onClick={onClose}>{words.form.ok}</button></div>
      </Sheet>
    );
  }
  return (
    <Sheet key="form" title={w.title} onClose={onClose}>
      <p class="hint">{w.intro}</p>
      <form class="form" onSubmit={submit} noValidate>
        <label for="mail-address">{w.email}</label>
        <input id="mail-address" type="email" inputMode="email" autoComplete="email" autoCapitalize="off" maxLength={200} placeholder={w.hint} value={email} autofocus
          aria-invalid={Boolean(fault)} aria-describedby="mail-fault" onInput={(event) => (setEmail(event.currentTarget.value), setFault(""))} />
        <p class="fault" id="mail-fault" role="alert">{fault}</p>
        <div class="acts">
          <button type="button" onClick={onClose}>{words.form.cancel}</button>
          <button type="submit" class="strong" disabled={sending}>{sending ? w.sending : w.send}</button>
        </div>
      </form>
    </Sheet>
  );
}
