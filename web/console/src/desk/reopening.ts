// Which conversation this tab has open, so that a reload shows it again; one that has ended, or is not for this account, it forgets.
import { watch } from "vue";
import type { Api } from "../api";
import type { Route } from "../route";
import { seedOfRow } from "./conversation";
import type { Desk } from "./desk";

const KEY = "yingda.console.open";

export function keepOpen(desk: Desk, api: Api, route: Route, storage: Storage): void {
  let wanted = storage.getItem(KEY);
  watch(
    () => desk.state.selected,
    (id) => {
      wanted = null;
      if (id) storage.setItem(KEY, id);
      else storage.removeItem(KEY);
    },
  );
  // Opening counts as reading: not before somebody is on the page that shows it.
  watch(
    () => desk.state.settled && route.at.page === "workbench",
    async (here) => {
      const id = wanted;
      if (!here || !id) return;
      const own = desk.conversations.has(id);
      const row = own ? undefined : (await api.conversation(id).catch(() => undefined))?.conversation;
      if (wanted !== id) return; // somebody has chosen meanwhile
      wanted = null;
      if (own || (row && row.state !== "closed")) await desk.open(id, row && seedOfRow(row));
      else storage.removeItem(KEY);
    },
  );
}
