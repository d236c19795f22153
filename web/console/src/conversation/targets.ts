// To whom a conversation can be passed on, the likeliest first; pure.
import type { Agent, Group } from "../api";

export interface Target {
  key: string;
  kind: "agent" | "group" | "bot";
  id: string;
  name: string;
  hint: string; // the staff number, or how many belong to the group
  status: "online" | "paused" | "away" | "offline" | null; // of an agent
}

const ORDER = ["online", "paused", "away", "offline"];

/** Colleagues who serve customers (whoever is there first), then groups; never oneself. */
export function targetsOf(agents: readonly Agent[], groups: readonly Group[], me: string | undefined): Target[] {
  const people = agents
    .filter((one) => !one.disabled && one.id !== me && one.roles.some((role) => role === "agent" || role === "supervisor"))
    .map((one): Target => ({
      key: `agent:${one.id}`,
      kind: "agent",
      id: one.id,
      name: one.public_name || one.name,
      hint: one.staff_number ?? "",
      status: one.status === "online" && one.accepting === false ? "paused" : (one.status ?? null),
    }))
    .sort((a, b) => ORDER.indexOf(a.status ?? "offline") - ORDER.indexOf(b.status ?? "offline") || a.name.localeCompare(b.name));
  const teams = groups.map((one): Target => ({ key: `group:${one.id}`, kind: "group", id: one.id, name: one.name, hint: String(one.members.length), status: null }));
  return [...people, ...teams];
}

export function found(targets: readonly Target[], asked: string): Target[] {
  const word = asked.trim().toLowerCase();
  return word ? targets.filter((one) => `${one.name} ${one.hint}`.toLowerCase().includes(word)) : [...targets];
}
