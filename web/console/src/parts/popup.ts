// A panel beside its button, for the keyboard too: the focus goes into it, and back to where it was when it is left by Esc.
import { nextTick, ref, useTemplateRef, watch, type Ref } from "vue";

export interface Popup {
  open: Ref<boolean>;
  leave: () => void;
}

const SHOWN_MS = 60;

/** For the panel whose ref is "panel". */
export function usePopup(): Popup {
  const open = ref(false);
  const panel = useTemplateRef<HTMLElement>("panel");
  let before: Element | null = null;
  watch(open, (now) => {
    if (!now) return;
    before = document.activeElement;
    setTimeout(() => panel.value?.querySelector<HTMLElement>("[aria-pressed=true], button, input, a")?.focus(), SHOWN_MS);
  });
  function leave(): void {
    open.value = false;
    void nextTick(() => before instanceof HTMLElement && before.focus());
  }
  return { open, leave };
}
