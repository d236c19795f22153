// The names behind agents' and groups' ids, fetched once and again when an unknown id turns up.
import { shallowReactive, shallowRef } from "vue";
import type { Api } from "./api";

/** Somebody who can be mentioned. */
export interface Colleague {
  id: string;
  name: string;
  group: boolean;
  hint: string; // the staff number, or how many belong to the group
  status: string | null; // of an agent
}

export class Colleagues {
  /** Everybody who can be mentioned, agents first. */
  readonly people = shallowRef<readonly Colleague[]>([]);
  private readonly names = shallowReactive(new Map<string, string>());
  private asked = 0;

  constructor(private readonly api: Api) {}

  /** The public name, or that of a group; empty while it is not known. */
  name(id: string | null | undefined): string {
    if (!id) return "";
    if (!this.names.has(id)) void this.fetch().catch(() => undefined);
    return this.names.get(id) ?? "";
  }

  async nameLater(id: string): Promise<string> {
    if (!this.names.has(id)) await this.fetch().catch(() => undefined);
    return this.names.get(id) ?? "";
  }

  /** Asks again who is there, at most every half minute. */
  async fetch(): Promise<void> {
    if (Date.now() - this.asked < 30_000) return;
    this.asked = Date.now();
    const [agents, groups] = await Promise.all([this.api.agents(), this.api.groups().catch(() => [])]);
    for (const one of agents) this.names.set(one.id, one.public_name || one.name);
    for (const one of groups) this.names.set(one.id, one.name);
    this.people.value = [
      ...agents
        .filter((one) => !one.disabled && one.roles.some((role) => role === "agent" || role === "supervisor"))
        .map((one) => ({ id: one.id, name: one.public_name || one.name, group: false, hint: one.staff_number ?? "", status: one.status ?? null })),
      ...groups.map((one) => ({ id: one.id, name: one.name, group: true, hint: String(one.members.length), status: null })),
    ];
  }
}
