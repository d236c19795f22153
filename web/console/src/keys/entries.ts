// What the palette offers: conversations, pages and acts that are at hand, customers and tickets that the server finds.
import type { House } from "../injection";
import type { Page } from "../pages/pages";
import { People } from "../people/people";
import { Tickets } from "../tickets/tickets";
import { caps, SHORTCUTS, type ShortcutName } from "./keys";
import type { Key } from "../language/language";

export type Section = "talks" | "acts" | "pages" | "customers" | "tickets" | "search";

export interface Entry {
  key: string;
  section: Section;
  label: string;
  hint: string;
  caps?: string[];
  /** What else one may type for it: pinyin, its initials, the English name. */
  also?: string;
  run: () => unknown;
}

const ACTS: readonly ShortcutName[] = ["reply", "note", "transfer", "hold", "ticket", "close", "details"];

/** What is known without asking. */
export function atHand(house: House, pages: readonly Page[]): Entry[] {
  const { desk, actions, route, keys, language } = house;
  const { t } = language;
  const entries: Entry[] = desk.mine.value.map((one) => ({
    key: one.id,
    section: "talks",
    label: language.customer(one.customer),
    hint: one.lastText,
    run: () => (route.go("workbench"), desk.open(one.id)),
  }));
  for (const item of desk.line.items.value.slice(0, 20))
    entries.push({
      key: `line-${item.conversation_id}`,
      section: "talks",
      label: t("palette.accept", { name: language.customer(item.customer) }),
      hint: item.last_text,
      run: () => (route.go("workbench"), actions.accept(item.conversation_id, item.customer)),
    });
  if (route.at.page === "workbench" && desk.selected.value)
    for (const name of ACTS) if (keys.can(name)) entries.push({ key: name, section: "acts", label: t(SHORTCUTS[name].word as Key), hint: language.customer(desk.selected.value.customer), caps: caps(name), also: name, run: () => keys.run(name) });
  if (pages.some((page) => page.name === "workbench"))
    for (const status of ["online", "away", "offline"] as const)
      if (status !== desk.presence.value.status)
        entries.push({ key: status, section: "acts", label: t("palette.presence", { name: t(`presence.${status}`) }), hint: "", also: status, run: () => desk.setPresence({ status }) });
  entries.push({ key: "sheet", section: "acts", label: t("keys.title"), hint: "", caps: caps("sheet"), also: "shortcuts kuaijiejian kjj", run: () => keys.run("sheet") });
  for (const page of pages) entries.push({ key: page.name, section: "pages", label: t(page.word), hint: "", also: `${page.name} ${page.pinyin ?? ""}`, run: () => route.go(page.name, null, {}) });
  return entries;
}

export function fits(entry: Entry, wanted: string): boolean {
  return `${entry.label} ${entry.hint} ${entry.also ?? ""}`.toLowerCase().includes(wanted);
}

/** What the server finds; a part that fails is left out. */
export async function found(house: House, wanted: string): Promise<Entry[]> {
  const { api, desk, route, language } = house;
  const { t } = language;
  const [customers, tickets] = await Promise.all([
    new People(api).customers({ q: wanted, limit: 5 }).then((page) => page.items, () => []),
    new Tickets(api).list({ text: wanted, limit: 5 }).then((page) => page.items, () => []),
  ]);
  async function openLast(id: string, name: string): Promise<void> {
    const [last] = (await api.conversations({ customer_id: id, limit: 1 })).items;
    if (!last) return house.toasts.show(t("palette.noTalk", { name }));
    route.go("workbench");
    await desk.open(last.id, { id: last.id, customer: last.customer, state: last.state, lastText: last.last_text });
  }
  return [
    ...customers.map((one): Entry => {
      const label = one.name || t("customer.anonymous", { code: one.id.slice(-4).toUpperCase() });
      return { key: `customer-${one.id}`, section: "customers", label, hint: [one.company?.name, one.phone].filter(Boolean).join(" · "), run: () => openLast(one.id, label) };
    }),
    ...tickets.map((one): Entry => ({ key: `ticket-${one.id}`, section: "tickets", label: one.number, hint: one.title, run: () => route.go("tickets", one.number, {}) })),
  ];
}
