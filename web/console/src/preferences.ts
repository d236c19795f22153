// What each person sets for this browser, kept in local storage; anything unreadable there counts as unset.
import { reactive, watch } from "vue";
import type { Sort } from "./workbench/order";

export interface Preferences {
  locale: "zh-CN" | "en";
  theme: "auto" | "light" | "dark";
  sendKey: "enter" | "ctrl_enter";
  sound: boolean;
  notices: boolean;
  details: boolean; // the right column
  sort: Sort; // of one's own conversations
}

const KEY = "yingda.console.preferences";
const DEFAULTS: Preferences = { locale: "zh-CN", theme: "auto", sendKey: "enter", sound: true, notices: false, details: true, sort: "waiting" };

export function loadPreferences(storage: Storage): Preferences {
  const preferences = reactive({ ...DEFAULTS, ...read(storage) });
  watch(preferences, (now) => storage.setItem(KEY, JSON.stringify(now)));
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
