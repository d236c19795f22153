/** The same words about data, whenever they are wanted. */

import { useWindow } from "./context.ts";
import { Policy } from "./privacy.tsx";
import { Sheet } from "./sheets.tsx";

export function PrivacySheet({ onClose }: { onClose: () => void }) {
  const { chat, words } = useWindow();
  const privacy = chat.welcome?.privacy;
  return (
    <Sheet title={words.privacy.title} onClose={onClose} writes={false}>
      <p class="hint">{privacy?.text}</p>
      {privacy?.url && <p class="policy"><Policy url={privacy.url} /></p>}
      <div class="acts"><button type="button" class="strong" onClick={onClose}>{words.privacy.ok}</button></div>
    </Sheet>
  );
}
