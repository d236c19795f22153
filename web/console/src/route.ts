// Which page is shown, kept behind the # of the address, so that reload and back work and any server can serve it.
import { reactive } from "vue";

const NAMES = [
  "workbench",
  "supervision",
  "tickets",
  "tasks",
  "promises",
  "companies",
  "customers",
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
  "analytics",
  "settings",
] as const;
export type PageName = (typeof NAMES)[number];

/** What narrows a page down, behind the ? of the address: the same link shows a colleague the same list. */
export type Narrowing = Readonly<Record<string, string>>;

export class Route {
  readonly at = reactive({ page: "workbench" as PageName, id: null as string | null, query: {} as Narrowing });
  /** Asked before a page is left; false keeps it. */
  guard: (() => boolean) | null = null;

  constructor(private readonly window: Window) {
    window.addEventListener("hashchange", () => this.read());
    this.read();
  }

  /** Goes to a page; what narrows it down is kept only where one stays on it, or is named anew. */
  go(page: PageName, id: string | null = null, query?: Narrowing): void {
    const hash = this.to(page, id, query);
    if (this.window.location.hash !== hash) this.window.location.hash = hash;
  }

  /** The address of a page, for links. */
  to(page: PageName, id: string | null = null, query?: Narrowing): string {
    const kept = query ?? (page === this.at.page ? this.at.query : {});
    const search = new URLSearchParams(kept).toString();
    return `#/${page}${id ? `/${encodeURIComponent(id)}` : ""}${search ? `?${search}` : ""}`;
  }

  /** Writes what narrows this page down into its address; that is no step to go back to. */
  narrow(query: Narrowing): void {
    this.at.query = query;
    this.window.history.replaceState(this.window.history.state, "", this.to(this.at.page, this.at.id, query));
  }

  private read(): void {
    const [path = "", search = ""] = this.window.location.hash.split("?", 2);
    const [, page = "", id = ""] = path.split("/");
    const next = { page: NAMES.find((name) => name === page) ?? "workbench", id: id ? decode(id) : null, query: Object.fromEntries(new URLSearchParams(search)) };
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
