// Up and down through the rows of a list; Enter does what a click does, since rows are links or buttons.

/** Moves the focus among the rows (`data-row`) below `frame`; true where it did. */
export function stepRows(frame: HTMLElement, event: KeyboardEvent): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.keyCode === 229) return false;
  const wanted = { ArrowDown: 1, ArrowUp: -1, Home: "first", End: "last" }[event.key];
  if (wanted === undefined) return false;
  const rows = [...frame.querySelectorAll<HTMLElement>("[data-row]")];
  const here = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  if (rows.length === 0 || (here < 0 && typeof wanted === "string")) return false;
  // Inside a row's own fields the arrows belong to them.
  if (document.activeElement instanceof HTMLElement && document.activeElement.closest("input, textarea, [role=combobox], [role=listbox]") && here >= 0) return false;
  const to = wanted === "first" ? 0 : wanted === "last" ? rows.length - 1 : here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + Number(wanted)));
  const row = rows[to]!;
  (row.matches("a, button, [tabindex]") ? row : row.querySelector<HTMLElement>("a, button"))?.focus();
  event.preventDefault();
  return true;
}
