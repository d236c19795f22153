// What leaves the house, over the wire: channels, deliveries and webhooks.
import { search, type Api } from "../api";

export type State = "pending" | "sending" | "sent" | "failed" | "dead";

export interface Channel {
  name: string; // mail, sms, robot:NAME, webhook:ID
  channel: "mail" | "sms" | "robot" | "webhook";
  where: string;
  configured: boolean;
  waiting: number;
  dead: number;
  failing_since: string | null;
  last_success_at: string | null;
  last_failure_at: string | null;
  last_failure: string | null;
}

export interface Delivery {
  id: string;
  kind: string;
  channel: Channel["channel"];
  endpoint: string;
  state: State;
  tries: number;
  at: string;
  next_try_at: string | null;
  ended_at: string | null;
  trouble: string | null;
  may_retry: boolean;
}

export interface Untold {
  id: string;
  kind: string;
  at: string;
  trouble: string;
}

export interface Webhook {
  id: string;
  url: string;
  events: string[];
  description: string;
  enabled: boolean;
  disabled_reason: string | null;
  failing_since: string | null;
  last_success_at: string | null;
  last_failure: string | null;
}

export interface Contact {
  email: string;
  phone: string;
  locale: "zh-CN" | "zh-TW" | "en";
}

export interface DeliveryPage {
  items: Delivery[];
  untold: Untold[];
  next?: string | null;
}

export class Notifications {
  constructor(
    private readonly api: Api,
    private readonly locale: () => string,
  ) {}

  channels(): Promise<{ items: Channel[] }> {
    return this.api.call("GET", `/notifications/channels${search({ locale: this.locale() })}`);
  }

  deliveries(query: { state: State; cursor?: string | null }): Promise<DeliveryPage> {
    return this.api.call("GET", `/notifications${search({ ...query, locale: this.locale() })}`);
  }

  retry(body: { ids?: string[]; endpoint?: string }): Promise<{ count: number }> {
    return this.api.call("POST", "/notifications/retry", body);
  }

  test(body: { endpoint: string; email?: string; phone?: string }): Promise<void> {
    return this.api.call("POST", "/notifications/test", body);
  }

  webhooks(): Promise<{ items: Webhook[]; event_types: string[] }> {
    return this.api.call("GET", `/webhooks${search({ locale: this.locale() })}`);
  }

  createWebhook(body: { url: string; events: string[]; description: string }): Promise<Webhook> {
    return this.api.call("POST", "/webhooks", body);
  }

  changeWebhook(id: string, body: { enabled?: boolean; events?: string[] }): Promise<Webhook> {
    return this.api.call("PATCH", `/webhooks/${id}`, body);
  }

  removeWebhook(id: string): Promise<void> {
    return this.api.call("DELETE", `/webhooks/${id}`);
  }

  secret(id: string): Promise<{ secret: string }> {
    return this.api.call("GET", `/webhooks/${id}/secret`);
  }

  newSecret(id: string): Promise<Webhook> {
    return this.api.call("POST", `/webhooks/${id}/secret`);
  }

  testWebhook(id: string): Promise<void> {
    return this.api.call("POST", `/webhooks/${id}/test`);
  }

  contact(agentId: string): Promise<Contact> {
    return this.api.call("GET", `/agents/${agentId}/contact`);
  }

  setContact(agentId: string, contact: Contact): Promise<Contact> {
    return this.api.call("PUT", `/agents/${agentId}/contact`, contact);
  }
}
