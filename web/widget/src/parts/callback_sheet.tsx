/** Booking a call back: a day, a time, a number; the call that is booked can be changed and cancelled here. */

import type { Callback, CallbackSlot, CallbackSlotsAck } from "@yingda/shared/events";
import { RequestError } from "@yingda/shared/socket";
import { useEffect, useState } from "preact/hooks";
import { clockAt, dayAt } from "../words/words.ts";
import { Choice } from "./choice.tsx";
import { useWindow } from "./context.ts";
import { contactOf } from "./leave_message.tsx";
import { Sheet } from "./sheets.tsx";

export function CallbackSheet({ onClose }: { onClose: () => void }) {
  const { chat, words, complain } = useWindow();
  const [offer, setOffer] = useState<CallbackSlotsAck>();
  const [changing, setChanging] = useState(false);
  const [day, setDay] = useState<string>();
  const [slot, setSlot] = useState<CallbackSlot>();
  const [phone, setPhone] = useState("");
  const [fault, setFault] = useState({ slot: "", phone: "" });
  const [busy, setBusy] = useState(false);
  const w = words.callback;

  const load = () => chat.desk.callbackSlots().then(setOffer, (error) => {
    complain(error);
    onClose();
  });
  useEffect(() => void load(), []);

  const zone = offer?.timezone;
  const days = new Map<string, CallbackSlot[]>();
  for (const each of offer?.slots ?? []) {
    const key = dayAt(words, each.at, zone);
    days.set(key, [...(days.get(key) ?? []), each]);
  }
  const booked = changing ? undefined : offer?.callbacks[0];
  const chosen = day !== undefined && days.has(day) ? day : [...days.keys()][0];
  const finish = (work: Promise<unknown>) => {
    setBusy(true);
    work.then(onClose, (error) => {
      if (slot && error instanceof RequestError && error.code === "conflict") setFault({ slot: w.slotTaken, phone: "" });
      else complain(error);
      setBusy(false);
      setSlot(undefined);
      void load();
    });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const number = contactOf(phone)?.phone;
    const known = changing && !phone.trim();
    setFault({ slot: slot ? "" : w.slotMissing, phone: number || known ? "" : phone.trim() ? w.phoneWrong : w.phoneMissing });
    if (slot && (number || known)) finish(chat.desk.bookCallback(slot.at, number, changing ? offer?.callbacks[0]?.id : undefined));
  };

  if (!offer) {
    return <Sheet key="empty" title={w.title} onClose={onClose}><p class="hint loading"><span class="spinner" />{words.loading}</p></Sheet>;
  }
  if (booked) return <Booked call={booked} zone={zone} busy={busy} onChange={() => setChanging(true)} onCancel={() => finish(chat.desk.cancelCallback(booked.id))} onClose={onClose} />;
  return (
    <Sheet key="form" title={changing ? w.changeTitle : w.title} onClose={onClose}>
      <p class="hint">{days.size ? w.intro : w.none}</p>
      {days.size > 0 && (
        <form class="form callback" onSubmit={submit} noValidate>
          <Choice kind="days" name="callback-day" label={w.day} options={[...days.keys()].map((key) => [key, key])} chosen={chosen} onChoose={setDay} />
          <Choice
            kind="slots"
            name="callback-time"
            label={w.time}
            options={days.get(chosen!)!.map((each) => [each.at, clockAt(each.at, zone)])}
            chosen={slot?.at}
            onChoose={(at) => (setSlot(offer.slots.find((each) => each.at === at)), setFault({ ...fault, slot: "" }))}
          />
          {fault.slot && <p class="fault" role="alert">{fault.slot}</p>}
          <label for="callback-phone">{w.phone}</label>
          <input id="callback-phone" type="tel" inputMode="tel" autoComplete="tel" maxLength={40} value={phone}
            placeholder={changing ? w.phoneSame(offer.callbacks[0]?.phone ?? "") : w.phoneHint}
            aria-invalid={Boolean(fault.phone)} aria-describedby="callback-fault" onInput={(event) => (setPhone(event.currentTarget.value), setFault({ ...fault, phone: "" }))} />
          <p class="fault" id="callback-fault" role="alert">{fault.phone}</p>
          <div class="acts">
            <button type="button" onClick={onClose}>{words.form.cancel}</button>
            <button type="submit" class="strong" disabled={busy}>{busy ? w.booking : w.book}</button>
          </div>
        </form>
      )}
      {days.size === 0 && <div class="acts"><button type="button" class="strong" onClick={onClose}>{words.form.ok}</button></div>}
    </Sheet>
  );
}

function Booked({ call, zone, busy, onChange, onCancel, onClose }: { call: Callback; zone: string | undefined; busy: boolean; onChange: () => void; onCancel: () => void; onClose: () => void }) {
  const { words } = useWindow();
  const w = words.callback;
  return (
    <Sheet key="booked" title={w.bookedTitle} onClose={onClose}>
      <p class="booked"><b>{dayAt(words, call.at, zone)} {clockAt(call.at, zone)}–{clockAt(call.until, zone)}</b><span>{call.phone}</span></p>
      <p class="hint">{w.bookedHint}</p>
      <div class="acts">
        <button type="button" disabled={busy} onClick={onCancel}>{w.cancel}</button>
        <button type="button" class="strong" onClick={onChange}>{w.change}</button>
      </div>
    </Sheet>
  );
}
