// What is wrong with a row of a file, and what went wrong in a run, in the reader's language: the readers of files say
// it in English, since operators' commands do.
import type { Key, Translate } from "../language/language";

type Words = Record<string, string>;

/** Columns and keys of files, as the editor's form calls them. */
const FIELDS: Record<string, Key> = {
  question: "kb.field.question", variants: "kb.field.variants", answer: "kb.field.answer", category: "kb.field.category", tags: "kb.field.tags",
  locale: "kb.field.locale", site: "kb.field.site", status: "kb.field.status", visibility: "kb.field.visibility", audience: "kb.field.audience",
  editions: "kb.field.editions", valid_from: "kb.field.valid_from", valid_to: "kb.field.valid_to", answer_at: "kb.fact.answer_at", id: "kb.field.id",
};
const FAULTS: readonly [RegExp, Key, ((found: RegExpExecArray) => Words)?][] = [
  [/^`(\w+)` is missing$/, "kb.fault.missing", named],
  [/^`(\w+)` is empty$/, "kb.fault.emptyField", named],
  [/^`(\w+)` is too long: (\d+) characters, at most (\d+)$/, "kb.fault.long", ([, name = "", length = "", limit = ""]) => ({ name, length, limit })],
  [/^`(\w+)` must be a text$/, "kb.fault.text", named],
  [/^`(\w+)` must be a list of texts$/, "kb.fault.list", named],
  [/^`(\w+)` contains a character that cannot be stored$/, "kb.fault.character", named],
  [/^`(\w+)` is not a date like [\d-]+: '?(.*?)'?$/, "kb.fault.date", valued],
  [/^`(\w+)` is not in the years/, "kb.fault.year", named],
  [/^`valid_to` is not after `valid_from`$/, "kb.fault.valid"],
  [/^`(\w+)` is not a probability from 0 to 1: '?(.*?)'?$/, "kb.fault.chance", valued],
  [/^`(locale)` is not a language tag like zh-CN or en: '?(.*?)'?$/, "kb.fault.locale", valued],
  [/^`id` may not contain spaces, quotes or slashes: '?(.*?)'?$/, "kb.fault.id", ([, value = ""]) => ({ value })],
  [/^`(\w+)` is '?(.*?)'?, must be one of (.*)$/, "kb.fault.choice", ([, name = "", value = "", known = ""]) => ({ name, value, known })],
  [/^the id (\S+) is taken by (.*):(\d+)$/, "kb.fault.takenRow", ([, id = "", file = "", line = ""]) => ({ id, file: file.split("/").at(-1) ?? file, line })],
  [/^the id (\S+) is taken by (.*)$/, "kb.fault.taken", ([, id = "", place = ""]) => ({ id, place: place.split("/").at(-1) ?? place })],
  [/^`(\w+)` stands twice$/, "kb.fault.twice", named],
  [/^the first row must name the columns/, "kb.fault.columns"],
  [/^a column is named twice$/, "kb.fault.columnTwice"],
  [/has more cells than the first names columns$/, "kb.fault.cells"],
  [/^the file is empty$/, "kb.fault.empty"],
  [/^the picture (.+) is missing$/, "kb.fault.picture", named],
  [/^the picture (.+) cannot be read$/, "kb.fault.picture", named],
  [/^the picture (.+) is larger than (\d+) MB$/, "kb.fault.pictureLarge", ([, name = "", limit = ""]) => ({ name, limit })],
  [/^the picture (.+) is not PNG/, "kb.fault.pictureKind", named],
  [/^the picture (.+) lies outside/, "kb.fault.pictureOutside", named],
  [/^the front matter is not (?:YAML: |a list of )(.*)$/, "kb.fault.front", ([, why = ""]) => ({ why })],
  [/^the front matter is not closed/, "kb.fault.frontOpen"],
  [/^an article must begin with/, "kb.fault.begin"],
  [/^the answer is the text below/, "kb.fault.answerField"],
  [/^this code fence is never closed$/, "kb.fault.fence"],
  [/^not (?:a JSON object|JSON)/, "kb.fault.json"],
  [/^not readable as (?:CSV from here on|XLSX): (.*)$/, "kb.fault.sheet", ([, why = ""]) => ({ why })],
  [/^larger than (\d+) MB$/, "kb.fault.size", ([, limit = ""]) => ({ limit })],
  [/^there are (\d+) variants, at most (\d+)$/, "kb.fault.variants", ([, count = "", limit = ""]) => ({ count, limit })],
  [/UTF-8|UTF-16|GB18030/, "kb.fault.encoding"],
  [/^changed at the desk on (.*? UTC) by (.*?); --take-file/, "kb.fault.deskBy", ([, when = "", by = ""]) => ({ when: local(when), by })],
  [/^changed at the desk on (.*? UTC); --take-file/, "kb.fault.desk", ([, when = ""]) => ({ when: local(when) })],
  [/^was removed before$/, "kb.fault.removed"],
];

const RUN_ERRORS: readonly [RegExp, Key][] = [
  [/kept questions/, "kb.run.error.questions"],
  [/folder of articles/, "kb.run.error.folder"],
  [/another encoder|encoder/, "kb.run.error.encoder"],
  [/another reindex/, "kb.run.error.busy"],
  [/no index version/, "kb.run.error.index"],
];

const DOING: readonly [RegExp, Key][] = [
  [/^reading/, "kb.doing.reading"],
  [/^encoding/, "kb.doing.encoding"],
  [/^fitting/, "kb.doing.fitting"],
  [/^asking/, "kb.doing.asking"],
  [/^trying/, "kb.doing.trying"],
];

export function faultText(message: string, t: Translate): string {
  for (const [pattern, key, words] of FAULTS) {
    const found = pattern.exec(message);
    if (!found) continue;
    const said = words?.(found) ?? {};
    const field = said["name"] ? FIELDS[said["name"]] : undefined;
    return t(key, field ? { ...said, name: t(field).toLowerCase() === said["name"] ? t(field) : `${t(field)} ${said["name"]}` } : said);
  }
  return t("kb.fault.unknown", { why: message });
}

export function runError(error: string | null, t: Translate): string {
  return t(RUN_ERRORS.find(([pattern]) => pattern.test(error ?? ""))?.[1] ?? "kb.run.error.other");
}

export function doingText(doing: string | null, t: Translate): string {
  return t(DOING.find(([pattern]) => pattern.test(doing ?? ""))?.[1] ?? "kb.doing.other");
}

function named([, name = ""]: RegExpExecArray): Words {
  return { name };
}

function valued([, name = "", value = ""]: RegExpExecArray): Words {
  return { name, value };
}

/** `2026-11-22 10:00 UTC` where the reader sits. */
function local(when: string): string {
  const at = new Date(when.replace(" UTC", "Z").replace(" ", "T"));
  return Number.isNaN(at.getTime()) ? when : at.toLocaleString([], { dateStyle: "short", timeStyle: "short" });
}
