// From a task or a block to the conversation that it came of.
import type { ConversationRow } from "../api";
import type { House } from "../injection";

/** Shows it in the workbench; says so where one may not see it. */
export async function showConversation({ api, desk, route, toasts, language }: House, id: string): Promise<void> {
  try {
    const { conversation } = await api.call<{ conversation: ConversationRow }>("GET", `/conversations/${id}`);
    route.go("workbench");
    await desk.open(id, { id, customer: conversation.customer, state: conversation.state });
  } catch {
    toasts.show(language.t("people.failed"), "bad");
  }
}
