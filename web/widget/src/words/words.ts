/** The languages of the chat: which one a page speaks, its words loaded on demand, and how times read in it. */

import { tagOf, type Tag } from "./tags.ts";
import type { Words } from "./zh.ts";

export type { Words };

/** The languages there are, by the tag that a page is marked with. A new one is a module here, and nothing else. */
const LANGUAGES = {
  "zh-CN": () => import("./zh.ts").then((module) => module.zh),
  "zh-TW": () => import("./zh_tw.ts").then((module) => module.zhTW),
  en: () => import("./en.ts").then((module) => module.en),
  ja: () => import("./ja.ts").then((module) => module.ja),
  es: () => import("./es.ts").then((module) => module.es),
} satisfies Record<Tag, () => Promise<Words>>;

/** Fetches the words of the first locale that names one of our languages. */
export const loadWords = (...locales: (string | null | undefined)[]): Promise<Words> => LANGUAGES[tagOf(...locales)]();

/** A word of a table whose key came over the wire. */
export const named = (table: Readonly<Record<string, string>>, key: string | undefined): string | undefined => table[key ?? ""];

const two = (number: number) => String(number).padStart(2, "0");
const clock = (at: Date) => `${at.getHours()}:${two(at.getMinutes())}`;
const dayNumber = (at: Date) => Math.floor((at.getTime() - at.getTimezoneOffset() * 60_000) / 86_400_000);

/** The time line above a group of messages: the clock today, the day before that. */
export function timeLine(words: Words, iso: string, now = new Date()): string {
  const at = new Date(iso);
  const days = dayNumber(now) - dayNumber(at);
  if (days <= 0) return clock(at);
  if (days === 1) return `${words.yesterday} ${clock(at)}`;
  const weekday = words.weekdays[at.getDay()] ?? "";
  if (at.getFullYear() === now.getFullYear()) return `${words.day(at.getMonth() + 1, at.getDate(), weekday)} ${clock(at)}`;
  return `${words.dayOfYear(at.getFullYear(), at.getMonth() + 1, at.getDate())} ${clock(at)}`;
}

/** A moment to come, e.g. 11月23日（周一）10:00. */
export function momentOf(words: Words, iso: string): string {
  const at = new Date(iso);
  return words.moment(at.getMonth() + 1, at.getDate(), words.weekdays[at.getDay()] ?? "", clock(at));
}

/** The day of a moment by the desk's clock, e.g. 11月23日 周一. */
export function dayAt(words: Words, iso: string, zone: string | undefined): string {
  const [month, day, weekday] = ["month", "day", "weekday"].map((part) => partOf(iso, zone, part));
  return words.day(Number(month), Number(day), words.weekdays[WEEKDAYS.indexOf(weekday!)] ?? "");
}

/** The time of day of a moment by the desk's clock. */
export function clockAt(iso: string, zone: string | undefined): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "numeric", minute: "2-digit" }).format(new Date(iso)).replace(/^0(?=\d:)/, "");
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const partOf = (iso: string, zone: string | undefined, part: string): string =>
  new Intl.DateTimeFormat("en-US", { timeZone: zone, [part]: part === "weekday" ? "short" : "numeric" }).format(new Date(iso));

/** Seconds as whole minutes, at least one. */
export function minutesOf(words: Words, [low, high]: [number, number]): string {
  const last = Math.max(1, Math.ceil(high / 60));
  return words.minutes(Math.min(last, Math.max(1, Math.floor(low / 60))), last);
}
