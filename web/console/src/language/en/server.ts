// What the server itself writes into notes, alerts and tasks, in English: it knows one language, this page two. Its
// sentences come from its own table; one that is not known stays as it is, and so do the words of people inside one.
import { BETWEEN, PLACES, SENTENCES } from "./sentences";

interface Pattern {
  kind: string;
  matches: RegExp;
  places: readonly string[];
  english: string;
}

const UNITS: Record<string, string> = { 小时: "h", 分钟: "min", 秒: "s" };
const SHAPES: Record<string, string> = { number: String.raw`\d+(?:\.\d+)?`, level: String.raw`L\d`, time: "(?:\\d+ (?:小时|分钟|秒) ?)+" };
const PLACE = /\{(\w+)\}/g;
const escaped = (text: string): string => text.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
const kindOf = (code: string): string => code.split(".")[0]!;

/** What a place takes: a part that is one of a few says so itself. */
function shape(name: string): string {
  const kind = PLACES[name] ?? "said";
  const one = BETWEEN[kind] ? [] : Object.keys(SENTENCES).filter((code) => kindOf(code) === kind);
  return SHAPES[kind] ?? (one.length > 0 ? one.map((code) => source(SENTENCES[code]![0], (inner) => `(?:${inner})`)).join("|") : ".+?");
}
const source = (chinese: string, around: (inner: string) => string): string => chinese.split(PLACE).map((part, at) => (at % 2 ? around(shape(part)) : escaped(part))).join("");

const PATTERNS: readonly Pattern[] = Object.entries(SENTENCES).map(([code, [chinese, english]]) => {
  const places = [...chinese.matchAll(PLACE)].map(([, name]) => name!);
  return { kind: kindOf(code), matches: new RegExp(`^${source(chinese, (inner) => `(${inner})`)}$`, "s"), places, english };
});
/** Parts of sentences; alone they are words like any other. */
const PARTS = new Set(Object.values(PLACES));

function place(name: string, text: string): string {
  const kind = PLACES[name] ?? "said";
  if (kind === "time") return text.replace(/(\d+) (小时|分钟|秒)/g, (_, n: string, unit: string) => `${n} ${UNITS[unit]}`).trim();
  if (kind === "number" || kind === "level") return text;
  const between = BETWEEN[kind];
  const parts = between ? text.split(between) : [text];
  return parts.map((part) => said(part.trim(), (pattern) => (kind === "said" ? !PARTS.has(pattern.kind) : pattern.kind === kind))).join(", ");
}

function said(text: string, among: (pattern: Pattern) => boolean): string {
  for (const pattern of PATTERNS) {
    const match = among(pattern) ? text.match(pattern.matches) : null;
    if (match) return pattern.english.replace(PLACE, (_, name: string) => place(name, match[pattern.places.indexOf(name) + 1] ?? ""));
  }
  return text;
}

export function inEnglish(text: string): string {
  return said(text, (pattern) => !PARTS.has(pattern.kind));
}
