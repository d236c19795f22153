// The figures of a period as the server counts them, and the ways to say them; the page counts nothing itself.
import { search, type Api } from "../api";
import type { Language } from "../language/language";
import type { CustomerCard } from "../wire";

export interface Value {
  value: number | null;
  counted: number;
  of: number;
  why: "none" | "not_yet" | "few" | null;
}

export type Unit = "count" | "share" | "seconds" | "score" | "points";

export interface Figure {
  name: string;
  unit: Unit;
  now: Value;
  before: Value;
  list: string | null;
  of_list: string | null;
}

export interface Part {
  label: string; // local, 2026-11-22T00:00
  since: string;
  until: string;
  counts: Record<string, number>;
  first_reply_median: number | null;
}

export interface Slice {
  name: string;
  label: string;
  counted: number;
  before: number;
  list: string;
}

export interface Slices {
  items: Slice[];
  of: number;
  left_out: number;
}

export interface Target {
  level: string;
  kind: string;
  kept: number;
  due: number;
  running: number;
  target_seconds: number | null;
  median_seconds: number | null;
}

export interface AgentLine {
  id: string;
  name: string;
  staff_number: string | null;
  load: number;
  capacity: number;
  conversations: number;
  replied: number;
  first_reply_median: number | null;
  csat: number | null;
  csat_count: number;
  promises: number;
  promises_kept: number;
}

export interface AskedQuestion {
  task_id: string;
  question: string;
  times: number;
  last_at: string;
  open: boolean;
  list: string;
}

export interface Dashboard {
  since: string;
  until: string;
  timezone: string;
  at: string;
  starts_at: string;
  ends_at: string;
  before_starts_at: string;
  before_ends_at: string;
  step: "hour" | "day" | "week" | "month";
  reply_seconds: number;
  bot_seconds: number;
  back_hours: number;
  csat_least: number;
  choices: { sites: string[]; channels: string[]; tiers: string[]; topics: Record<string, string[]> };
  figures: Figure[];
  parts: Part[];
  reasons: Slices;
  categories: Slices;
  articles: Slices;
  targets: Target[];
  agents: AgentLine[];
  unanswered: AskedQuestion[];
  unanswered_times: number;
  unanswered_kinds: number;
}

/** One counted thing, and the conversation it stands in. */
export interface Counted {
  conversation_id: string;
  at: string;
  customer: CustomerCard;
  state: string;
  agent: string | null;
  group: string | null;
  topic: string | null;
  text: string;
  reason: string | null;
  value: number | null;
  late: boolean;
  ticket: string | null;
}

export interface CountedList {
  items: Counted[];
  total: number;
  next: string | null;
}

/** What narrows the dashboard down, as it stands in the address; "" is all. */
export interface Narrowed {
  since: string;
  until: string;
  group_id: string;
  site: string;
  channel: string;
  tier: string;
  topic: string;
}

export const EVERYTHING: Narrowed = { since: "", until: "", group_id: "", site: "", channel: "", tier: "", topic: "" };

/** A year of a large desk takes its time, in milliseconds. */
const LONG = 90_000;

export const readDashboard = (api: Api, narrowed: Narrowed): Promise<Dashboard> => api.call("GET", `/analytics${search({ ...narrowed })}`, undefined, LONG);
export const readCounted = (api: Api, query: Record<string, string | null>): Promise<CountedList> => api.call("GET", `/analytics/list${search(query)}`, undefined, LONG);

// Days ---------------------------------------------------------------------------------------------------------------

export const PRESETS = ["today", "yesterday", "week", "month", "this_month", "last_month"] as const;
export type Preset = (typeof PRESETS)[number];

/** Today in the desk's time zone, as 2026-11-22. */
export function today(now: Date, timezone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
}

export function daysOf(preset: Preset, day: string): { since: string; until: string } {
  const month = `${day.slice(0, 8)}01`;
  if (preset === "today") return { since: day, until: day };
  if (preset === "yesterday") return { since: moved(day, -1), until: moved(day, -1) };
  if (preset === "week") return { since: moved(day, -6), until: day };
  if (preset === "month") return { since: moved(day, -29), until: day };
  if (preset === "this_month") return { since: month, until: day };
  const last = moved(month, -1);
  return { since: `${last.slice(0, 8)}01`, until: last };
}

export function presetOf(since: string, until: string, day: string): Preset | null {
  return PRESETS.find((one) => daysOf(one, day).since === since && daysOf(one, day).until === until) ?? null;
}

function moved(day: string, by: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + by);
  return at.toISOString().slice(0, 10);
}

export function daysBetween(since: string, until: string): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${since}T00:00:00Z`)) / 86_400_000) + 1;
}

/** 10:00, 11/22, 2026/11: the beginning of a part, short enough to stand below a bar. */
export function partLabel(label: string, step: Dashboard["step"]): string {
  const [day = "", time = ""] = label.split("T");
  const [year, month, date] = day.split("-");
  if (step === "hour") return time;
  return step === "month" ? `${year}/${Number(month)}` : `${Number(month)}/${Number(date)}`;
}

// Saying ---------------------------------------------------------------------------------------------------------------

/** 45 秒, 2 分 46 秒, 1 小时 5 分 */
export function seconds(value: number, { t }: Language): string {
  const s = Math.round(value);
  if (s < 60) return t("figures.unit.seconds", { n: s });
  if (s < 3600) return s % 60 ? t("figures.unit.minutesSeconds", { m: Math.floor(s / 60), s: s % 60 }) : t("figures.unit.minutes", { m: s / 60 });
  const m = Math.round((s % 3600) / 60);
  return m && m < 60 ? t("figures.unit.hoursMinutes", { h: Math.floor(s / 3600), m }) : t("figures.unit.hours", { h: Math.round(s / 3600) });
}

export const whole = (value: number, language: Language): string => new Intl.NumberFormat(language.locale).format(value);

export function said(value: number | null, unit: Unit, language: Language): string {
  if (value === null) return "–";
  if (unit === "count") return whole(value, language);
  if (unit === "share") return share(value);
  if (unit === "seconds") return seconds(value, language);
  return unit === "score" ? value.toFixed(2) : value.toFixed(0);
}

export const share = (value: number): string => `${(100 * value).toFixed(value === 1 || value === 0 ? 0 : 1)}%`;

/** Whether more of it is better; null: neither. */
const BETTER: Record<string, "more" | "less" | null> = {
  conversations: null,
  handed_off: null,
  bot_resolved: "more",
  bot_in_time: "more",
  replied_in_target: "more",
  fcr: "more",
  csat: "more",
  csat_good: "more",
  csat_answered: "more",
  nps: "more",
  promises_kept: "more",
  first_reply_median: "less",
  first_reply_p90: "less",
  first_reply_mean: "less",
  resolution_median: "less",
  resolution_p90: "less",
  resolution_mean: "less",
};

export interface Change {
  text: string;
  direction: "up" | "down" | "same";
  tone: "good" | "bad" | "plain";
}

/** Against the period before; null where one of the two is missing. */
export function changeOf(figure: Figure, language: Language): Change | null {
  const { now, before, unit, name } = figure;
  if (now.value === null || before.value === null || name === "waiting") return null;
  const by = now.value - before.value;
  const { t } = language;
  let text: string;
  if (unit === "share") text = t("figures.change.share", { n: Math.abs(100 * by).toFixed(1) });
  else if (unit === "seconds") text = seconds(Math.abs(by), language);
  else if (unit === "count") text = before.value ? `${Math.abs((100 * by) / before.value).toFixed(0)}%` : whole(Math.abs(by), language);
  else text = Math.abs(by).toFixed(unit === "score" ? 2 : 0);
  const nothing = unit === "share" ? Math.abs(by) < 0.0005 : unit === "seconds" ? Math.abs(by) < 0.5 : Math.abs(by) < 0.005;
  const direction = nothing ? "same" : by > 0 ? "up" : "down";
  const wanted = BETTER[name] ?? null;
  const tone = direction === "same" || wanted === null ? "plain" : (direction === "up") === (wanted === "more") ? "good" : "bad";
  return { text, direction, tone };
}
