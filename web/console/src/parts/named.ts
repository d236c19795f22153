// Gives the field inside a picker its name, which the component library has no word for.
import { onMounted, useTemplateRef, watch } from "vue";

/** For the one whose ref is "picker". */
export function useNamed(label: () => string): void {
  const picker = useTemplateRef<{ $el: HTMLElement }>("picker");
  const name = (): void => picker.value?.$el.querySelector("input")?.setAttribute("aria-label", label());
  onMounted(name);
  watch(label, name);
}
