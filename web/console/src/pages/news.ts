// The news of the desk, told on whichever page one is: by sound, by a notice, by a line at the edge.
import { computed, onScopeDispose, watch, watchEffect } from "vue";
import { seedOfRow } from "../desk/conversation";
import { useHouse } from "../injection";

export function useDeskNews(): { unread: { readonly value: number } } {
  const { api, desk, route, language, alerts, toasts, colleagues } = useHouse();
  const { t } = language;

  const unread = computed(() => desk.mine.value.reduce((sum, one) => sum + one.unread, 0) + desk.offers.size);
  watch(unread, (count) => alerts.badge(count), { immediate: true });
  watchEffect(() => alerts.looking.at(route.at.page === "workbench" ? desk.state.selected : null));
  onScopeDispose(() => (alerts.badge(0), alerts.looking.at(null)));
  const read = (id: string): void => {
    const conversation = desk.conversations.get(id);
    if (conversation && conversation.unread > 0) conversation.unread = 0;
  };
  onScopeDispose(alerts.looking.onSeen(read));

  const show = (id: string): void => {
    route.go("workbench");
    void desk.open(id);
  };

  /** Also one that this page does not know yet. */
  const visit = async (id: string): Promise<void> => {
    const known = desk.conversations.has(id) ? null : await api.conversation(id).catch(() => null);
    if (known) desk.add(seedOfRow(known.conversation));
    show(id);
  };

  onScopeDispose(
    desk.onNews((news) => {
      if (news.type === "message") {
        const { conversation, event } = news;
        const text = t("news.message", { name: language.customer(conversation.customer), text: (event.text || event.attachments?.[0]?.name || "").slice(0, 80) });
        if (alerts.looking.sees(conversation.id)) read(conversation.id);
        alerts.ring("message", text, { about: conversation.id, open: () => show(conversation.id) });
      } else if (news.type === "assigned") {
        const { id, customer } = news.conversation;
        const text = t("news.assigned", { name: language.customer(customer) });
        alerts.ring("assigned", text, { about: id, open: () => show(id) });
        toasts.show(text, "good");
      } else if (news.type === "offer") {
        alerts.ring("offer", t("news.offer", { name: language.customer(news.offer.customer) }), { open: () => route.go("workbench") });
      } else if (news.type === "alert") {
        const { alert } = news;
        const text = language.alert(alert, colleagues.name(alert.owner ?? null) || t("state.human"));
        const about = alert.conversation_id;
        const open = about ? (): void => void visit(about) : undefined;
        alerts.ring("alert", text, open ? { open } : {});
        toasts.show(text, alert.kind === "mentioned" ? "plain" : "bad", 20, open);
      } else if (news.type === "presence") {
        const { status, accepting, reason, agent_id } = news.change;
        if (agent_id !== desk.me.value?.id) return;
        const state = status === "online" ? t(accepting ? "presence.online" : "presence.paused") : status === "away" ? language.of("presence", reason, "presence.away") : t("presence.offline");
        if (reason === "missed_offers") toasts.show(t("presence.missedOffers"), "bad", 20);
        else if (!news.own) toasts.show(t("presence.setForYou", { state }));
      } else {
        toasts.show(t("news.takenAway", { name: language.customer(news.conversation.customer), reason: language.reason(news.reason) }));
      }
    }),
  );
  return { unread };
}
