// Settings as the server has them, and what is being changed of them; null puts one back to config.yaml.
import type { Api } from "../api";

export type SettingValue = boolean | number | string | null;

export interface Setting {
  key: string;
  kind: "chance" | "whole" | "number" | "flag" | "text";
  value: SettingValue;
  default: SettingValue;
  low: number | null;
  high: number | null;
  changed_at: string | null;
  changed_by: string | null;
}

/** What the bot would have done with the kept questions at one threshold for answers. */
export interface Effect {
  answer_at: number;
  questions: number;
  right: number;
  wrong: number;
  outside: number;
  outside_answered: number;
}

export interface SettingsView {
  revision: number;
  items: Setting[];
  history: { key: string; value: SettingValue; old: SettingValue; at: string; by: string }[];
  evaluation: { id: string; at: string | null; version: number | null; answer_at: number | null; effects: Effect[] } | null;
  under_way: { id: string; doing: string | null; done: number | null; total: number | null } | null;
  failed: string | null;
}

export const readSettings = (api: Api): Promise<SettingsView> => api.call("GET", "/settings");
export const changeSettings = (api: Api, changes: Record<string, SettingValue>, revision: number): Promise<{ revision: number }> => api.call("PATCH", "/settings", { changes, revision });
export const evaluate = (api: Api): Promise<unknown> => api.call("POST", "/settings/evaluation");

/** The effect at a threshold: between two that were tried, in proportion; null outside of what was tried. */
export function effectAt(effects: readonly Effect[], at: number): Effect | null {
  const known = [...effects].sort((one, other) => one.answer_at - other.answer_at);
  const exact = known.find((one) => Math.abs(one.answer_at - at) < 0.0005);
  if (exact) return exact;
  const above = known.findIndex((one) => one.answer_at > at);
  const high = known[above];
  const low = known[above - 1];
  if (!high || !low) return null;
  const part = (at - low.answer_at) / (high.answer_at - low.answer_at);
  const between = (name: "right" | "wrong" | "outside_answered"): number => Math.round(low[name] + part * (high[name] - low[name]));
  return { answer_at: at, questions: low.questions, outside: low.outside, right: between("right"), wrong: between("wrong"), outside_answered: between("outside_answered") };
}

/** One page of the fields, in their order. */
export const SECTIONS = [
  { name: "bot", keys: ["bot.answer_at", "bot.offer_at", "bot.option_at", "bot.max_options", "bot.misses_before_handoff", "bot.handoff_when_angry", "bot.handoff_when_urgent"] },
  {
    name: "levels",
    keys: ["clocks.targets.L2.first_reply", "clocks.targets.L2.next_reply", "clocks.targets.L2.resolution", "clocks.targets.L3.first_reply", "clocks.targets.L3.next_reply", "clocks.targets.L3.resolution", "clocks.live_chat.average_seconds", "clocks.live_chat.aim_seconds"],
  },
  { name: "idle", keys: ["idle.warn_minutes", "idle.close_minutes", "idle.bot_minutes"] },
  { name: "ratings", keys: ["ratings.nps_share", "ratings.nps_paused"] },
  { name: "privacy", keys: ["privacy.notice.zh-CN", "privacy.notice.zh-TW", "privacy.notice.en", "privacy.notice.ja", "privacy.notice.es"] },
] as const;
