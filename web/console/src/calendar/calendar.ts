// The business calendar as the page edits it: every part a list of rows with texts, checked before it is sent.
import type { Api } from "../api";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export type Weekly = Partial<Record<Weekday, string[]>>;

interface OwnHours {
  weekly: Weekly;
  on_holidays?: boolean;
}

/** As calendar.yaml has it; see the server. */
export interface CalendarDocument {
  timezone?: string;
  weekly?: Weekly;
  holidays?: { name?: string; from: string; to?: string }[];
  workdays?: { name?: string; date: string; hours?: string[] }[];
  lunch?: { hours: string[]; groups?: string[] };
  groups?: Record<string, OwnHours>;
  tiers?: Record<string, OwnHours>;
  on_call?: { tiers: string[]; accounts?: string[]; weeks?: Record<string, string[]>; open?: boolean };
}

export interface CalendarDay {
  date: string;
  open: string[];
  kind: "holiday" | "workday" | "usual";
  name: string;
}

export interface CalendarView {
  revision: number;
  origin: "file" | "desk";
  changed_at: string | null;
  changed_by: string | null;
  document: CalendarDocument;
  base: Weekly;
  tiers: string[];
  timezone: string;
  always_open: boolean;
  open_now: boolean;
  opens_at: string | null;
  file: string | null;
  faults: string[];
  unknown: string[];
  days: CalendarDay[];
}

export const readCalendar = (api: Api): Promise<CalendarView> => api.call("GET", "/calendar");
export const saveCalendar = (api: Api, document: CalendarDocument, revision: number): Promise<{ revision: number }> =>
  api.call("PUT", "/calendar", { document, revision });

export type WeekTexts = Record<Weekday, string>;

/** What the fields of the page hold. */
export interface Draft {
  ownWeek: boolean;
  week: WeekTexts;
  holidays: { name: string; from: string; to: string }[];
  workdays: { name: string; date: string; hours: string }[];
  lunchHours: string;
  lunchGroups: string[];
  groups: { name: string; week: WeekTexts; onHolidays: boolean }[];
  tiers: { name: string; week: WeekTexts; onHolidays: boolean }[];
  onCallTiers: string[];
  onCallAccounts: string[];
  onCallWeeks: { date: string; accounts: string[] }[];
  onCallOpen: boolean;
}

/** A field that cannot be sent as it is: which part of the page, and what is wrong with it. */
export type Fault = { part: "weekly" | "holidays" | "workdays" | "lunch" | "groups" | "tiers" | "onCall"; what: "hours" | "dates" };

export function emptyWeek(): WeekTexts {
  return { mon: "", tue: "", wed: "", thu: "", fri: "", sat: "", sun: "" };
}

export function draftOf(view: CalendarView): Draft {
  const { document } = view;
  const own = (table: Record<string, OwnHours> | undefined): Draft["groups"] =>
    Object.entries(table ?? {}).map(([name, hours]) => ({ name, week: texts(hours.weekly), onHolidays: hours.on_holidays ?? false }));
  return {
    ownWeek: document.weekly !== undefined,
    week: texts(document.weekly ?? view.base),
    holidays: (document.holidays ?? []).map(({ name, from, to }) => ({ name: name ?? "", from, to: to ?? from })),
    workdays: (document.workdays ?? []).map(({ name, date, hours }) => ({ name: name ?? "", date, hours: (hours ?? []).join(", ") })),
    lunchHours: (document.lunch?.hours ?? []).join(", "),
    lunchGroups: [...(document.lunch?.groups ?? [])],
    groups: own(document.groups),
    tiers: own(document.tiers),
    onCallTiers: [...(document.on_call?.tiers ?? [])],
    onCallAccounts: [...(document.on_call?.accounts ?? [])],
    onCallWeeks: Object.entries(document.on_call?.weeks ?? {}).map(([date, accounts]) => ({ date, accounts: [...accounts] })),
    onCallOpen: document.on_call?.open ?? true,
  };
}

/** The calendar to send; what the page does not show stays as it was. */
export function documentOf(draft: Draft, before: CalendarDocument): CalendarDocument {
  const { weekly: _, lunch: __, on_call: ___, ...kept } = before;
  const own = (rows: Draft["groups"]): Record<string, OwnHours> =>
    Object.fromEntries(rows.filter((row) => row.name).map((row) => [row.name, { weekly: weekly(row.week), on_holidays: row.onHolidays }]));
  return {
    ...kept,
    ...(draft.ownWeek ? { weekly: weekly(draft.week) } : {}),
    holidays: draft.holidays.map(({ name, from, to }) => ({ name, from, ...(to && to !== from ? { to } : {}) })),
    workdays: draft.workdays.map(({ name, date, hours }) => ({ name, date, ...(hours.trim() ? { hours: spans(hours) } : {}) })),
    ...(draft.lunchHours.trim() ? { lunch: { hours: spans(draft.lunchHours), groups: draft.lunchGroups } } : {}),
    groups: own(draft.groups),
    tiers: own(draft.tiers),
    ...(draft.onCallTiers.length > 0
      ? {
          on_call: {
            tiers: draft.onCallTiers,
            accounts: draft.onCallAccounts,
            weeks: Object.fromEntries(draft.onCallWeeks.map(({ date, accounts }) => [date, accounts])),
            open: draft.onCallOpen,
          },
        }
      : {}),
  };
}

export function faultsOf(draft: Draft): Fault[] {
  const faults: Fault[] = [];
  const hours = (part: Fault["part"], ...fields: string[]): void => {
    if (!fields.every(isHours)) faults.push({ part, what: "hours" });
  };
  if (draft.ownWeek) hours("weekly", ...Object.values(draft.week));
  hours("workdays", ...draft.workdays.map((row) => row.hours));
  hours("lunch", draft.lunchHours);
  hours("groups", ...draft.groups.flatMap((row) => Object.values(row.week)));
  hours("tiers", ...draft.tiers.flatMap((row) => Object.values(row.week)));
  if (draft.holidays.some(({ from, to }) => !from || (to && to < from))) faults.push({ part: "holidays", what: "dates" });
  if (draft.workdays.some(({ date }) => !date)) faults.push({ part: "workdays", what: "dates" });
  if (draft.onCallWeeks.some(({ date }) => !date)) faults.push({ part: "onCall", what: "dates" });
  return faults;
}

/** “calendar.yaml:7: workdays.0.date: …” as line and place; null where it names no line. */
export function faultPlace(fault: string): { line: string; place: string } | null {
  const found = /:(\d+): ([\w.]+): /.exec(fault);
  return found ? { line: found[1]!, place: found[2]! } : null;
}

const SPAN = /^([01]?\d|2[0-3]):[0-5]\d-(([01]?\d|2[0-3]):[0-5]\d|24:00)$/;

/** Hours as people type them, with Chinese commas and dashes too. */
function spans(text: string): string[] {
  return text
    .replace(/[，、；;]/g, ",")
    .replace(/：/g, ":")
    .replace(/[–—~～至]/g, "-")
    .split(",")
    .map((part) => part.replace(/\s+/g, "").replace(/\b(\d):/g, "0$1:"))
    .filter(Boolean);
}

function isHours(text: string): boolean {
  return spans(text).every((span) => SPAN.test(span) && span.split("-")[0]! < span.split("-")[1]!);
}

function texts(table: Weekly): WeekTexts {
  return Object.fromEntries(WEEKDAYS.map((day) => [day, (table[day] ?? []).join(", ")])) as WeekTexts;
}

function weekly(week: WeekTexts): Weekly {
  return Object.fromEntries(WEEKDAYS.map((day) => [day, spans(week[day])]));
}
