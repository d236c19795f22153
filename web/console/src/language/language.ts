// Chooses the words: one function for both languages, and the words for names that came over the wire.
import { spoken } from "@yingda/shared/markdown";
import type { Preferences } from "../preferences";
import type { Alert, CustomerCard, HeadStart } from "../wire";
import { en } from "./en";
import { inEnglish } from "./en/server";
import { zh, type Key } from "./zh";

export type { Key };
export type Translate = (key: Key, values?: Record<string, string | number>) => string;

export class Language {
  constructor(private readonly preferences: Preferences) {}

  get locale(): "zh-CN" | "en" {
    return this.preferences.locale;
  }

  /** {name} is a value, {count:day|days} the word that goes with it. */
  readonly t: Translate = (key, values) => {
    const words: Record<Key, string> = this.preferences.locale === "en" ? en : zh;
    return values ? words[key].replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, many?: string) => (one === undefined ? String(values[name] ?? "") : Number(values[name]) === 1 ? one : many!)) : words[key];
  };

  /** The word for a name of the wire, or the group's fallback for one that is not known yet. */
  of(group: string, name: string | null | undefined, fallback: Key): string {
    const key = `${group}.${name ?? ""}`;
    return this.t(key in zh ? (key as Key) : fallback);
  }

  error(code: string): string {
    return this.of("error", code, "error.unavailable");
  }

  reason(reason: string | null | undefined): string {
    return this.of("reason", reason, "reason.other");
  }

  tier(tier: string | null | undefined): string {
    const key = `tier.${tier ?? "free"}`;
    return key in zh ? this.t(key as Key) : (tier ?? "");
  }

  customer(customer: CustomerCard): string {
    return customer.name || this.t("customer.anonymous", { code: customer.id.slice(-4).toUpperCase() });
  }

  /** What an alert says in one line; a kind that this page does not know by its text. */
  alert(alert: Alert, agent: string): string {
    const name = alert.customer ? this.customer(alert.customer) : (alert.ticket ?? "");
    if (alert.kind === "soured") return this.t("news.soured", { name, agent, text: (alert.text ?? "").slice(0, 60) });
    return [this.of("notice", alert.kind, "notice.alert"), name, this.server(alert.text ?? "")].filter(Boolean).join(" · ");
  }

  /** A sentence that the server wrote by itself, in the language of this page. */
  server(text: string): string {
    return this.locale === "en" ? inEnglish(text) : text;
  }

  /** What was said last, as it stands in a list: words without marks, on one line. */
  excerpt(text: string): string {
    return this.server(spoken(text));
  }

  /** “企业版客户 +600 秒”; the server's own words where they are in this language. */
  headStart(start: HeadStart): string {
    if (this.locale === "en" && start.label_en) return start.label_en;
    if (this.locale === "en") return this.t("waiting.headstart", { label: this.of("headstart", start.reason, "headstart.other"), seconds: start.seconds });
    if (/\d/.test(start.label)) return start.label;
    return this.t("waiting.headstart", { label: start.label, seconds: start.seconds });
  }

  /** 45 秒, 10 分钟, 2 小时 5 分钟 */
  duration(seconds: number): string {
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) return this.t("unit.second", { n: s });
    if (s < 3600) return this.t("unit.minute", { n: Math.round(s / 60) });
    const minutes = Math.round((s % 3600) / 60);
    const hours = this.t("unit.hour", { n: Math.floor(s / 3600) });
    return minutes ? `${hours} ${this.t("unit.minute", { n: minutes })}` : hours;
  }
}
