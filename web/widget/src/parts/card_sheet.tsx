/** The card that goes along to the colleague: what they will get, in the customer's own hands until somebody has it. */

import type { HandOverCard } from "@yingda/shared/events";
import { useEffect, useState } from "preact/hooks";
import { mediaUrl } from "../markdown.tsx";
import { useWindow } from "./context.ts";
import { Sheet } from "./sheets.tsx";

type Field = "question" | "tried" | "page";
const FIELDS: [Field, number][] = [["question", 4], ["tried", 3], ["page", 2]];

export function CardSheet({ onClose }: { onClose: () => void }) {
  const { chat, words, complain } = useWindow();
  const [card, setCard] = useState<HandOverCard>();
  const [own, setOwn] = useState<Partial<Record<Field, string>>>({});
  const [saving, setSaving] = useState(false);
  const w = words.card;

  useEffect(() => {
    chat.desk.handOverCard().then(setCard, (error) => {
      complain(error);
      onClose();
    });
  }, []);
  const changed = FIELDS.filter(([field]) => own[field] !== undefined && own[field]!.trim() !== (card?.[field] ?? ""));
  const save = (event: Event) => {
    event.preventDefault();
    if (!changed.length) return onClose();
    setSaving(true);
    chat.desk.editCard(Object.fromEntries(changed.map(([field]) => [field, own[field]!.trim()]))).then(onClose, (error) => {
      complain(error);
      setSaving(false);
    });
  };
  const shots = (card?.screenshots ?? []).filter(({ url }) => mediaUrl(url));
  return (
    <Sheet key={card ? "card" : "empty"} title={w.title} onClose={onClose} writes={false}>
      <p class="hint">{w.intro}</p>
      {!card ? <p class="hint loading"><span class="spinner" />{words.loading}</p> : (
        <form class="form" onSubmit={save}>
          {FIELDS.map(([field, rows]) => (
            <div key={field} class="card-field">
              <label for={`card-${field}`}>{w[field]}{card.edited.includes(field) && <span class="own">{w.edited}</span>}</label>
              <textarea id={`card-${field}`} rows={rows} maxLength={1000} placeholder={w.hints[field]} value={own[field] ?? card[field]}
                onInput={(event) => setOwn({ ...own, [field]: event.currentTarget.value })} />
            </div>
          ))}
          {shots.length > 0 && <p class="shots">{shots.map(({ url, name }) => <img key={url} src={url} alt={name} />)}</p>}
          <p class="hint small">{w.also}</p>
          <div class="acts">
            <button type="button" onClick={onClose}>{words.form.cancel}</button>
            <button type="submit" class="strong" disabled={saving || !changed.length}>{saving ? w.saving : w.save}</button>
          </div>
        </form>
      )}
    </Sheet>
  );
}
