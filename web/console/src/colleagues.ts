// The names behind agents' ids, fetched once and again when an unknown id turns up.
import { shallowReactive } from "vue";
import type { Api } from "./api";

export class Colleagues {
  private readonly names = shallowReactive(new Map<string, string>());
  private asked = 0;

  constructor(private readonly api: Api) {}

  /** The public name; empty while it is not known. */
  name(id: string | null | undefined): string {
    if (!id) return "";
    if (!this.names.has(id)) void this.fetch().catch(() => undefined);
    return this.names.get(id) ?? "";
  }

  async nameLater(id: string): Promise<string> {
    if (!this.names.has(id)) await this.fetch().catch(() => undefined);
    return this.names.get(id) ?? "";
  }

  private async fetch(): Promise<void> {
    if (Date.now() - this.asked < 30_000) return;
    this.asked = Date.now();
    for (const agent of await this.api.agents()) this.names.set(agent.id, agent.public_name || agent.name);
  }
}
