// The console's shortcuts: one table for the page, the sheet and the palette. Nothing fires while a word is composed or a
// dialog is open; keys without a modifier do not fire while somebody types.
import { onScopeDispose } from "vue";
import { useHouse } from "../injection";
import type { Key } from "../language/language";

interface Shortcut {
  /** "Mod" is Ctrl, on a Mac ⌘; letters by their place on the keyboard, so that Alt on a Mac changes nothing. */
  chord: string;
  word: Key;
  group: "list" | "talk" | "go" | "anywhere";
}

/** The letters are those of Chatwoot, where it has them. */
export const SHORTCUTS = {
  next: { chord: "Alt+KeyJ", word: "keys.next", group: "list" },
  previous: { chord: "Alt+KeyK", word: "keys.previous", group: "list" },
  accept: { chord: "Alt+KeyA", word: "keys.accept", group: "list" },
  tab: { chord: "Alt+KeyN", word: "keys.tab", group: "list" },
  reply: { chord: "Alt+KeyL", word: "keys.reply", group: "talk" },
  note: { chord: "Alt+KeyP", word: "keys.note", group: "talk" },
  suggest1: { chord: "Alt+Digit1", word: "keys.suggest1", group: "talk" },
  suggest2: { chord: "Alt+Digit2", word: "keys.suggest2", group: "talk" },
  suggest3: { chord: "Alt+Digit3", word: "keys.suggest3", group: "talk" },
  transfer: { chord: "Alt+KeyT", word: "keys.transfer", group: "talk" },
  hold: { chord: "Alt+KeyM", word: "keys.hold", group: "talk" },
  ticket: { chord: "Alt+KeyI", word: "keys.ticket", group: "talk" },
  close: { chord: "Alt+KeyE", word: "keys.close", group: "talk" },
  details: { chord: "Alt+KeyO", word: "keys.details", group: "talk" },
  workbench: { chord: "Alt+KeyC", word: "keys.workbench", group: "go" },
  companies: { chord: "Alt+KeyV", word: "keys.companies", group: "go" },
  tickets: { chord: "Alt+KeyG", word: "keys.tickets", group: "go" },
  supervision: { chord: "Alt+KeyX", word: "keys.supervision", group: "go" },
  reports: { chord: "Alt+KeyR", word: "keys.reports", group: "go" },
  settings: { chord: "Alt+KeyS", word: "keys.settings", group: "go" },
  palette: { chord: "Mod+KeyK", word: "keys.palette", group: "anywhere" },
  search: { chord: "/", word: "keys.search", group: "anywhere" },
  sheet: { chord: "?", word: "keys.sheet", group: "anywhere" },
} as const satisfies Record<string, Shortcut>;
export type ShortcutName = keyof typeof SHORTCUTS;
export type Handlers = Partial<Record<ShortcutName, () => void>>;

const NAMES = Object.keys(SHORTCUTS) as ShortcutName[];

export class Keys {
  private readonly handlers: Handlers[] = [];

  constructor(window: Window) {
    window.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** The last to come is asked first. */
  on(handlers: Handlers): () => void {
    this.handlers.unshift(handlers);
    return () => void this.handlers.splice(this.handlers.indexOf(handlers), 1);
  }

  can(name: ShortcutName): boolean {
    return this.handlers.some((one) => one[name]);
  }

  /** Does what the key would do; false where nobody answers to it now. */
  run(name: ShortcutName): boolean {
    const act = this.handlers.find((one) => one[name])?.[name];
    act?.();
    return act !== undefined;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.repeat || event.isComposing || event.keyCode === 229) return;
    const name = NAMES.find((one) => matches(SHORTCUTS[one].chord, event));
    if (!name || document.querySelector("[aria-modal=true]")) return;
    if (SHORTCUTS[name].chord.length === 1 && isWriting(event.target)) return;
    if (this.run(name)) event.preventDefault();
  }
}

/** Answers to keys for as long as the component stands. */
export function useKeys(handlers: Handlers): void {
  onScopeDispose(useHouse().keys.on(handlers));
}

/** ["Alt", "J"], as it is written on keys. */
export function caps(name: ShortcutName): string[] {
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const written: Record<string, string> = { Mod: mac ? "⌘" : "Ctrl", Alt: mac ? "⌥" : "Alt" };
  return SHORTCUTS[name].chord.split("+").map((part) => written[part] ?? part.replace(/^(Key|Digit)/, ""));
}

/** What a Chinese keyboard gives for the same key. */
const FULL_WIDTH: Record<string, string> = { "？": "?", "、": "/" };

function matches(chord: string, event: KeyboardEvent): boolean {
  if (chord.length === 1) return !event.altKey && !event.ctrlKey && !event.metaKey && (FULL_WIDTH[event.key] ?? event.key) === chord;
  const parts = chord.split("+");
  const mod = event.ctrlKey || event.metaKey;
  return event.code === parts.at(-1) && event.altKey === parts.includes("Alt") && mod === parts.includes("Mod") && !event.shiftKey;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
