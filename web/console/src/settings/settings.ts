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

/** The same for a threshold of options; the one for answers stays. */
export interface OfferEffect {
  at: number;
  questions: number;
  answered: number;
  offered: number;
  offered_without: number;
  outside: number;
  outside_offered: number;
  options: number | null;
}

export interface SettingsView {
  revision: number;
  items: Setting[];
  history: { key: string; value: SettingValue; old: SettingValue; at: string; by: string }[];
  evaluation: { id: string; at: string | null; version: number | null; answer_at: number | null; effects: Effect[]; offers: OfferEffect[]; options: OfferEffect[] } | null;
  under_way: { id: string; doing: string | null; done: number | null; total: number | null } | null;
  failed: string | null;
}

export const readSettings = (api: Api): Promise<SettingsView> => api.call("GET", "/settings");
export const changeSettings = (api: Api, changes: Record<string, SettingValue>, revision: number): Promise<{ revision: number }> => api.call("PATCH", "/settings", { changes, revision });
export const evaluate = (api: Api): Promise<unknown> => api.call("POST", "/settings/evaluation");

/** One bar of a curve: of `questions`, `good` and `bad`; the rest is neither. */
export interface Step {
  at: number;
  questions: number;
  good: number;
  bad: number;
  outside: number;
  outsideBad: number;
  answered: number | null;
  options: number | null;
}

/** The curve of a threshold, from the last evaluation; empty where there is none. */
export function curveOf(key: string, evaluation: SettingsView["evaluation"]): Step[] {
  if (key === "bot.answer_at") return (evaluation?.effects ?? []).map((one) => ({ at: one.answer_at, questions: one.questions, good: one.right, bad: one.wrong, outside: one.outside, outsideBad: one.outside_answered, answered: null, options: null }));
  const effects = key === "bot.offer_at" ? evaluation?.offers : key === "bot.option_at" ? evaluation?.options : undefined;
  return (effects ?? []).map((one) => ({ at: one.at, questions: one.questions, good: one.offered, bad: one.offered_without, outside: one.outside, outsideBad: one.outside_offered, answered: one.answered, options: one.options }));
}

/** The curve at a threshold: between two that were tried, in proportion; null outside of what was tried. */
export function stepAt(curve: readonly Step[], at: number): Step | null {
  const known = [...curve].sort((one, other) => one.at - other.at);
  const exact = known.find((one) => Math.abs(one.at - at) < 0.0005);
  if (exact) return exact;
  const above = known.findIndex((one) => one.at > at);
  const high = known[above];
  const low = known[above - 1];
  if (!high || !low) return null;
  const part = (at - low.at) / (high.at - low.at);
  const between = (from: number, to: number): number => from + part * (to - from);
  const whole = (name: "good" | "bad" | "outsideBad"): number => Math.round(between(low[name], high[name]));
  const options = low.options === null || high.options === null ? null : between(low.options, high.options);
  return { ...low, at, good: whole("good"), bad: whole("bad"), outsideBad: whole("outsideBad"), options };
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
