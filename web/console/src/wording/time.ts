// Times as people read them; the second hand that the clocks share.
import { onScopeDispose, ref, type Ref } from "vue";

const pad = (n: number): string => String(n).padStart(2, "0");

/** The calendar day of a moment where the reader sits, as 2026-11-22. */
export function dayOf(at: string | Date): string {
  const d = new Date(at);
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
}

export function timeOf(at: string): string {
  const d = new Date(at);
  return `${pad(d.getHours())}:${pad(d.getMinutes())}`;
}

/** 今天 / 昨天 / 11月20日 周五 / 2025年12月3日 — the line between two days. */
export function dayLabel(at: string, locale: string, now: Date): string {
  const day = dayOf(at);
  const yesterday = new Date(now.getTime() - 86_400_000);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (day === dayOf(now)) return capital(relative.format(0, "day"));
  if (day === dayOf(yesterday)) return capital(relative.format(-1, "day"));
  const sameYear = new Date(at).getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(
    locale,
    sameYear ? { month: "long", day: "numeric", weekday: "short" } : { year: "numeric", month: "long", day: "numeric" },
  ).format(new Date(at));
}

/** Short, for lists: the time today, else the day. */
export function shortTime(at: string | null | undefined, now: Date): string {
  if (!at) return "";
  const d = new Date(at);
  if (dayOf(d) === dayOf(now)) return timeOf(at);
  return d.getFullYear() === now.getFullYear() ? `${d.getMonth() + 1}/${d.getDate()}` : `${d.getFullYear()}/${d.getMonth() + 1}/${d.getDate()}`;
}

export function fullTime(at: string | null | undefined, locale: string): string {
  if (!at) return "";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** A running wait: 0:42, 12:05, 1:03:20. */
export function clockText(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  return h > 0 ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The server's time, ticking once a second; corrected when this machine's clock is off by more than two seconds. */
export class Clock {
  readonly now: Ref<number> = ref(Date.now());
  private offset = 0;
  private readonly timer = window.setInterval(() => (this.now.value = Date.now() + this.offset), 1000);

  correct(serverTime: number): void {
    const offset = serverTime - Date.now();
    this.offset = Math.abs(offset) > 2000 ? offset : 0;
  }

  secondsSince(at: string): number {
    return (this.now.value - Date.parse(at)) / 1000;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** A listener that goes when the component goes. */
export function listen<K extends keyof WindowEventMap>(name: K, handler: (event: WindowEventMap[K]) => void): void {
  window.addEventListener(name, handler);
  onScopeDispose(() => window.removeEventListener(name, handler));
}
