// What a clock says now: its colour, how long it has left or is late, and which of several matters most.
import type { Translate } from "../language/language";
import type { ClockState } from "../wire";

export type Tone = "green" | "amber" | "red" | "paused";

export interface Reading {
  clock: ClockState;
  tone: Tone;
  /** Seconds until it is due; negative once it is late, null while it pauses. */
  left: number | null;
}

/** Green until `soon_at`, amber until `due_at`, red after. */
export function read(clock: ClockState, now: number): Reading {
  if (clock.paused || !clock.due_at) return { clock, tone: "paused", left: null };
  const left = (Date.parse(clock.due_at) - now) / 1000;
  const soon = clock.soon_at !== null && clock.soon_at !== undefined && now >= Date.parse(clock.soon_at);
  return { clock, tone: left <= 0 || clock.breached ? "red" : soon ? "amber" : "green", left };
}

const URGENCY: Record<Tone, number> = { red: 0, amber: 1, green: 2, paused: 3 };

/** The most urgent first: by colour, then what is owed to the customer before the end of the matter, then by time. */
export function inOrder(clocks: readonly ClockState[], now: number): Reading[] {
  const last = (reading: Reading): number => (reading.clock.kind === "resolution" ? 1 : 0);
  return clocks
    .map((clock) => read(clock, now))
    .sort((a, b) => URGENCY[a.tone] - URGENCY[b.tone] || last(a) - last(b) || (a.left ?? 0) - (b.left ?? 0));
}

/** “40 秒”, “12 分钟”, “3 小时 5 分”, “2 天 4 小时”: as people say it. */
export function duration(seconds: number, t: Translate): string {
  const whole = Math.max(0, Math.floor(Math.abs(seconds)));
  if (whole < 60) return t("clock.seconds", { count: whole });
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return t("clock.minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? t("clock.hoursMinutes", { hours, minutes: minutes % 60 }) : t("clock.hours", { count: hours });
  const days = Math.floor(hours / 24);
  return hours % 24 ? t("clock.daysHours", { days, hours: hours % 24 }) : t("clock.days", { count: days });
}
