// Tells an agent, wherever they are in the console, of a ticket that became theirs or was answered.
import { onScopeDispose } from "vue";
import { useHouse } from "../injection";

export function useTicketNews(): void {
  const { desk, session, toasts, alerts, language, route } = useHouse();
  const { t } = language;
  const had = new Map<string, string | null>(); // ticket → whose it was
  onScopeDispose(
    desk.connection.on("ticket", ({ ticket, what, by, assignee, watchers }) => {
      const me = session.state.account?.id ?? "";
      const before = had.get(ticket.id);
      had.set(ticket.id, assignee);
      if (by.id === me) return;
      const words = { number: ticket.number, title: ticket.title };
      const mine = assignee === me;
      let text = "";
      if (mine && before !== me && (what === "created" || what === "changed")) text = t("ticket.news.assigned", words);
      else if (what === "commented" && by.kind === "customer" && (mine || watchers.includes(me))) text = t("ticket.news.replied", words);
      if (!text) return;
      toasts.show(text, "good", 8);
      alerts.ring("alert", text, { open: () => route.go("tickets", ticket.number) });
    }),
  );
}
