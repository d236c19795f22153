/** Leaving a message when nobody is there or the wait is too long: a question and one way to reach the customer. */

import { useState } from "preact/hooks";
import { momentOf } from "../words/words.ts";
import { useWindow } from "./context.ts";
import { Tick } from "./icons.tsx";
import { Sheet } from "./sheets.tsx";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;
const PHONE = /^\+?\d{7,15}$/;

/** The contact as the wire wants it, or undefined when it is neither a phone number nor an e-mail address. */
export function contactOf(text: string): { phone?: string; email?: string } | undefined {
  const plain = text.normalize("NFKC").trim();
  if (EMAIL.test(plain)) return { email: plain };
  const phone = plain.replace(/[\s()-]/g, "");
  return PHONE.test(phone) ? { phone } : undefined;
}

export function LeaveMessage({ text: initial, onClose }: { text: string; onClose: () => void }) {
  const { chat, words, complain } = useWindow();
  const [text, setText] = useState(initial);
  const [contact, setContact] = useState("");
  const [faults, setFaults] = useState<{ text?: string; contact?: string }>({});
  const [sending, setSending] = useState(false);
  const [ticket, setTicket] = useState<string>();
  const hours = chat.welcome?.hours;
  const opens = chat.absence?.opens_at ?? hours?.opens_at;
  const intro =
    chat.absence?.outcome === "nobody" ? words.form.nobody
    : hours?.open === false || chat.absence ? words.form.closed(hours?.text, opens && momentOf(words, opens))
    : words.form.open;

  /** What is being put right is no fault any more. */
  const right = (field: "text" | "contact") => setFaults(({ [field]: _, ...others }) => others);
  const submit = (event: Event) => {
    event.preventDefault();
    const reach = contactOf(contact);
    const found = {
      ...(!text.trim() && { text: words.form.textMissing }),
      ...(!reach && { contact: contact.trim() ? words.form.contactWrong : words.form.contactMissing }),
    };
    setFaults(found);
    if (!reach || found.text) return document.getElementById(found.text ? "message-text" : "message-contact")?.focus();
    setSending(true);
    chat.desk.leaveMessage(text.trim(), reach).then(setTicket, complain).finally(() => setSending(false));
  };

  if (ticket !== undefined) {
    return (
      <Sheet key="done" title={words.form.done} onClose={onClose}>
        <p class="done"><span class="tick"><Tick /></span>{words.form.doneHint(ticket)}</p>
        <div class="acts"><button type="button" class="strong" onClick={onClose}>{words.form.ok}</button></div>
      </Sheet>
    );
  }
  return (
    <Sheet key="form" title={words.form.title} onClose={onClose}>
      <p class="hint">{intro}</p>
      <form class="form" onSubmit={submit} noValidate>
        <label for="message-text">{words.form.text}</label>
        <textarea id="message-text" rows={4} maxLength={5000} placeholder={words.form.textHint} value={text}
          aria-invalid={Boolean(faults.text)} aria-describedby="message-text-fault" onInput={(event) => (setText(event.currentTarget.value), right("text"))} />
        <p class="fault" id="message-text-fault" aria-live="polite">{faults.text}</p>
        <label for="message-contact">{words.form.contact}</label>
        <input id="message-contact" type="text" inputMode="email" autoComplete="tel" maxLength={200} placeholder={words.form.contactHint} value={contact}
          aria-invalid={Boolean(faults.contact)} aria-describedby="message-contact-fault" onInput={(event) => (setContact(event.currentTarget.value), right("contact"))}
          onBlur={() => contact.trim() && !contactOf(contact) && setFaults((known) => ({ ...known, contact: words.form.contactWrong }))} />
        <p class="fault" id="message-contact-fault" aria-live="polite">{faults.contact}</p>
        <div class="acts">
          <button type="button" onClick={onClose}>{words.form.cancel}</button>
          <button type="submit" class="strong" disabled={sending}>{sending ? words.form.submitting : words.form.submit}</button>
        </div>
      </form>
    </Sheet>
  );
}
