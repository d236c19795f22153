// Taking a conversation, and saying kindly why it did not work.
import { RequestError } from "@yingda/shared/socket";
import { useHouse } from "../injection";
import type { CustomerCard } from "../wire";

export function useAccept(): (conversationId: string, customer: CustomerCard) => Promise<void> {
  const { actions, desk, colleagues, toasts, language } = useHouse();
  const { t } = language;
  return async (conversationId, customer) => {
    try {
      await actions.accept(conversationId, customer);
    } catch (error) {
      const { code, details } = error instanceof RequestError ? error : new RequestError("unavailable", "");
      if (code !== "conflict") return toasts.show(language.error(code), "bad");
      if (details["capacity"] !== undefined) return toasts.show(t("waiting.full", { capacity: String(details["capacity"]) }), "bad", 7);
      const owner = details["owner"];
      const name = typeof owner === "string" ? await colleagues.nameLater(owner) : "";
      toasts.show(name ? t("waiting.taken", { name }) : t("waiting.takenBySomeone"), "plain", 7);
      void desk.fetchLine();
    }
  };
}
