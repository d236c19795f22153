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
  /** How its Chinese name is typed, for the palette. */
  pinyin?: string;
  allowed: (session: Session) => boolean;
  /** Missing for the workbench alone, which is always there. */
  load?: () => Promise<{ default: Component }>;
}

const serves = (session: Session): boolean => session.has("agent") || session.isSupervisor.value;
const edits = (session: Session): boolean => session.has("editor") || session.has("admin");
const everybody = (): boolean => true;

export const PAGES: readonly Page[] = [
  { name: "workbench", pinyin: "jiedai jd", word: "nav.workbench", icon: "chat", place: "rail", allowed: serves },
  { name: "supervision", pinyin: "xianchang xc", word: "nav.supervision", icon: "eye", place: "rail", allowed: (session) => session.isSupervisor.value, load: () => import("../supervision/SupervisionPage.vue") },
  { name: "analytics", pinyin: "shuju sj", word: "nav.analytics", icon: "chart", place: "rail", allowed: (session) => session.isSupervisor.value, load: () => import("../analytics/AnalyticsPage.vue") },
  { name: "tickets", pinyin: "gongdan gd", word: "nav.tickets", icon: "ticket", place: "rail", allowed: serves, load: () => import("../tickets/TicketsPage.vue") },
  { name: "tasks", pinyin: "renwu rw", word: "nav.tasks", icon: "task", place: "rail", allowed: serves, load: () => import("../tasks/TasksPage.vue") },
  { name: "promises", pinyin: "chengnuo cn", word: "nav.promises", icon: "history", place: "rail", allowed: serves, load: () => import("../promises/PromisesPage.vue") },
  { name: "customers", pinyin: "kehu kh", word: "customers.title", icon: "people", place: "rail", allowed: serves, load: () => import("../people/CustomersPage.vue") },
  { name: "companies", pinyin: "gongsi gs", word: "nav.companies", icon: "building", place: "rail", allowed: serves, load: () => import("../companies/CompaniesPage.vue") },
  { name: "search", pinyin: "sousuo ss", word: "nav.search", icon: "search", place: "rail", allowed: everybody, load: () => import("../search/SearchPage.vue") },
  { name: "knowledge", pinyin: "zhishiku zsk", word: "nav.knowledge", icon: "book", place: "rail", allowed: everybody, load: () => import("./Knowledge.vue") },
  { name: "learning", pinyin: "jiucuo jc", word: "nav.learning", icon: "flag", place: "rail", allowed: edits, load: () => import("./Learning.vue") },
  { name: "settings", pinyin: "xitongshezhi xtsz", word: "settings.title", icon: "settings", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../settings/SettingsPage.vue") },
  { name: "calendar", pinyin: "yingyerili yyrl", word: "nav.calendar", icon: "calendar", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../calendar/CalendarPage.vue") },
  { name: "ratings", pinyin: "pingjia pj", word: "nav.ratings", icon: "up", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../people/RatingsPage.vue") },
  { name: "blocks", pinyin: "heimingdan hmd", word: "nav.blocks", icon: "lock", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../people/BlocksPage.vue") },
  { name: "canned", pinyin: "changyongyu cyy", word: "nav.canned", icon: "copy", place: "manage", allowed: serves, load: () => import("../help/CannedPage.vue") },
  { name: "words", pinyin: "yongci yc", word: "nav.words", icon: "info", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../help/WordsPage.vue") },
  { name: "notifications", pinyin: "tongzhi tz", word: "nav.notifications", icon: "bell", place: "manage", allowed: (session) => session.isSupervisor.value || session.has("admin"), load: () => import("../notifications/NotificationsPage.vue") },
  { name: "groups", pinyin: "jinengzu jnz", word: "nav.groups", icon: "people", place: "manage", allowed: (session) => session.isSupervisor.value, load: () => import("../supervision/GroupsPage.vue") },
  { name: "accounts", pinyin: "zhanghao zh", word: "nav.accounts", icon: "people", place: "manage", allowed: (session) => session.has("admin"), load: () => import("../accounts/AccountsPage.vue") },
];
