// What main.ts builds once and hands to every component by name; nothing here is created on import.
import { inject, type InjectionKey } from "vue";
import type { Alerts } from "./alerts/alerts";
import type { Api } from "./api";
import type { Colleagues } from "./colleagues";
import type { Actions } from "./desk/actions";
import type { Desk } from "./desk/desk";
import type { Drafts } from "./desk/drafts";
import type { Keys } from "./keys/keys";
import type { Language } from "./language/language";
import type { Preferences } from "./preferences";
import type { PromiseBoard } from "./promises/promises";
import type { Route } from "./route";
import type { Session } from "./session";
import type { Toasts } from "./toasts";
import type { Files } from "./uploads/outgoing";
import type { Clock } from "./wording/time";

export interface House {
  session: Session;
  api: Api;
  colleagues: Colleagues;
  desk: Desk;
  actions: Actions;
  drafts: Drafts;
  files: Files;
  language: Language;
  preferences: Preferences;
  promises: PromiseBoard;
  alerts: Alerts;
  keys: Keys;
  toasts: Toasts;
  clock: Clock;
  route: Route;
}

export const HOUSE: InjectionKey<House> = Symbol("house");

export function useHouse(): House {
  const house = inject(HOUSE);
  if (!house) throw new Error("a component stands outside the house");
  return house;
}
