// Which page is shown, kept behind the # of the address, so that reload and back work and any server can serve it.
import { reactive } from "vue";

const NAMES = [
  "workbench",
  "supervision",
  "tickets",
  "tasks",
  "promises",
  "companies",
  "search",
  "knowledge",
  "learning",
  "canned",
  "accounts",
  "groups",
  "calendar",
  "words",
  "ratings",
  "blocks",
  "notifications",
] as const;
export type PageName = (typeof NAMES)[number];

export class Route {
  readonly at = reactive({ page: "workbench" as PageName, id: null as string | null });
  /** Asked before a page is left; false keeps it. */
  guard: (() => boolean) | null = null;

  constructor(private readonly window: Window) {
    window.addEventListener("hashchange", () => this.read());
    this.read();
  }

  go(page: PageName, id: string | null = null): void {
    const hash = `#/${page}${id ? `/${encodeURIComponent(id)}` : ""}`;
    if (this.window.location.hash !== hash) this.window.location.hash = hash;
  }

  private read(): void {
    const [, page = "", id = ""] = this.window.location.hash.split("/");
    const next = { page: NAMES.find((name) => name === page) ?? "workbench", id: id ? decode(id) : null };
    if ((next.page !== this.at.page || next.id !== this.at.id) && this.guard && !this.guard()) {
      const { page: stay, id: with_ } = this.at;
      this.go(stay, with_);
      return;
    }
    Object.assign(this.at, next);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
