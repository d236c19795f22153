// Every page of the console in the order of the rail: who may open it, and where it is loaded from.
import type { Component } from "vue";
import type { Key } from "../language/language";
import type { IconName } from "../parts/Icon.vue";
import type { PageName } from "../route";
import type { Session } from "../session";

export interface Page {
  name: PageName;
  word: Key;
  icon: IconName;
  /** In the rail, or among the pages of 管理, which share one place there. */
  place: "rail" | "manage";
  allowed: (session: Session) => boolean;
  /** Missing for the workbench alone, which is always there. */
  load?: () => Promise<{ default: Component }>;
}

const serves = (session: Session): boolean => session.has("agent") || session.isSupervisor.value;
const edits = (session: Session): boolean => session.has("editor") || session.has("admin");
const everybody = (): boolean => true;

export const PAGES: readonly Page[] = [
  { name: "workbench", word: "nav.workbench", icon: "chat", place: "rail", allowed: serves },
  { name: "supervision", word: "nav.supervision", icon: "eye", place: "rail", allowed: (session) => session.isSupervisor.value, load: () => import("../supervision/SupervisionPage.vue") },
  { name: "tickets", word: "nav.tickets", icon: "ticket", place: "rail", allowed: serves, load: () => import("../tickets/TicketsPage.vue") },
  { name: "tasks", word: "nav.tasks", icon: "task", place: "rail", allowed: serves, load: () => import("../tasks/TasksPage.vue") },
  { name: "promises", word: "nav.promises", icon: "history", place: "rail", allowed: serves, load: () => import("../promises/PromisesPage.vue") },
  { name: "companies", word: "nav.companies", icon: "building", place: "rail", allowed: serves, load: () => import("../companies/CompaniesPage.vue") },
  { name: "search", word: "nav.search", icon: "search", place: "rail", allowed: everybody, load: () => import("../search/SearchPage.vue") },
  { name: "knowledge", word: "nav.knowledge", icon: "book", place: "rail", allowed: everybody, load: () => import("./Knowledge.vue") },
  { name: "learning", word: "nav.learning", icon: "flag", place: "rail", allowed: edits, load: () => import("./Learning.vue") },
  { name: "calendar", word: "nav.calendar", icon: "calendar", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../calendar/CalendarPage.vue") },
  { name: "ratings", word: "nav.ratings", icon: "up", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../people/RatingsPage.vue") },
  { name: "blocks", word: "nav.blocks", icon: "lock", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../people/BlocksPage.vue") },
  { name: "canned", word: "nav.canned", icon: "copy", place: "manage", allowed: serves, load: () => import("../help/CannedPage.vue") },
  { name: "words", word: "nav.words", icon: "info", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../help/WordsPage.vue") },
  { name: "notifications", word: "nav.notifications", icon: "bell", place: "manage", allowed: (session) => session.isSupervisor.value || session.has("admin"), load: () => import("../notifications/NotificationsPage.vue") },
  { name: "groups", word: "nav.groups", icon: "people", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../supervision/GroupsPage.vue") },
  { name: "accounts", word: "nav.accounts", icon: "people", place: "manage", allowed: (session) => session.has("admin"), load: () => import("./Accounts.vue") },
];
