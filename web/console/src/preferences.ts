// What each person sets for this browser, kept in local storage; anything unreadable there counts as unset.
import { reactive, watch } from "vue";
import type { Call } from "./alerts/alerts";
import type { Sort } from "./workbench/order";

export interface Preferences {
  locale: "zh-CN" | "en";
  theme: "auto" | "light" | "dark";
  sendKey: "enter" | "ctrl_enter";
  sound: boolean;
  notices: boolean; // of the desktop
  asked: boolean; // whether notices are wanted
  silent: Call[]; // no sound for these
  unnoticed: Call[]; // no notice for these
  details: boolean; // the right column
  sort: Sort; // of one's own conversations
  folded: string[]; // names of the sections that are folded away
}

const KEY = "yingda.console.preferences";
const DEFAULTS: Preferences = { locale: "zh-CN", theme: "auto", sendKey: "enter", sound: true, notices: false, asked: false, silent: [], unnoticed: [], details: true, sort: "waiting", folded: [] };

export function loadPreferences(storage: Storage, window: Window): Preferences {
  const preferences = reactive({ ...DEFAULTS, ...read(storage) });
  // What is chosen in one tab holds in all.
  window.addEventListener("storage", (event) => void (event.key === KEY && Object.assign(preferences, read(storage))));
  watch(preferences, (now) => {
    const text = JSON.stringify(now);
    if (text !== storage.getItem(KEY)) storage.setItem(KEY, text);
  });
  return preferences;
}

function read(storage: Storage): Partial<Preferences> {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Partial<Preferences>) : {};
  } catch {
    return {};
  }
}
