/** The question before an end. */

import { useWindow } from "./context.ts";
import { Sheet } from "./sheets.tsx";

export function EndQuestion({ onClose }: { onClose: () => void }) {
  const { chat, words, complain } = useWindow();
  const end = () => {
    chat.end().catch(complain);
    onClose();
  };
  return (
    <Sheet title={words.endChatQuestion} onClose={onClose}>
      <p class="hint">{words.endChatHint}</p>
      <div class="acts">
        <button type="button" onClick={onClose}>{words.keep}</button>
        <button type="button" class="strong" onClick={end}>{words.end}</button>
      </div>
    </Sheet>
  );
}
