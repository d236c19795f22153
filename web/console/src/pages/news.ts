// The news of the desk, told on whichever page one is: by sound, by a notice, by a line at the edge.
import { computed, onScopeDispose, watch, watchEffect } from "vue";
import { useHouse } from "../injection";

export function useDeskNews(): { unread: { readonly value: number } } {
  const { desk, route, language, alerts, toasts, colleagues } = useHouse();
  const { t } = language;

  const unread = computed(() => desk.mine.value.reduce((sum, one) => sum + one.unread, 0) + desk.offers.size);
  watch(unread, (count) => alerts.badge(count), { immediate: true });
  watchEffect(() => alerts.looking.at(route.at.page === "workbench" ? desk.state.selected : null));
  onScopeDispose(() => (alerts.badge(0), alerts.looking.at(null)));

  const show = (id: string): void => {
    route.go("workbench");
    void desk.open(id);
  };

  onScopeDispose(
    desk.onNews((news) => {
      if (news.type === "message") {
        const { conversation, event } = news;
        const text = t("news.message", { name: language.customer(conversation.customer), text: (event.text || event.attachments?.[0]?.name || "").slice(0, 80) });
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
        alerts.ring("alert", text);
        toasts.show(text, "bad", 20);
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
