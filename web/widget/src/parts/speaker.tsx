/** Who speaks: the bot by its mark, a colleague by the first letter of their public name on a ground of their own. */

import type { Event } from "@yingda/shared/events";
import type { Log } from "@yingda/shared/log";
import { Mark } from "./icons.tsx";

export interface Speaker {
  id: string;
  name: string;
  staff: string | undefined;
}

/** The agent who has the conversation, from the last state that names one. */
export function agentOf(events: Event[]): Speaker | undefined {
  const event = events.findLast((one) => one.kind === "state");
  const agent = event?.state === "human" ? event.agent : undefined;
  return agent && { id: agent.id, name: agent.name, staff: agent.staff_number };
}

/** The number of each agent who has been in the thread, by the agent's id. */
export function staffNumbers(logs: Log[]): Map<string, string> {
  const numbers = new Map<string, string>();
  for (const log of logs) for (const { agent } of log.events) if (agent?.staff_number) numbers.set(agent.id, agent.staff_number);
  return numbers;
}

const TINTS = 6;

/** The same colleague always has the same ground. */
export function tintOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)!) % 9_973;
  return sum % TINTS;
}

export function Avatar({ kind, id = "", name = "" }: { kind: string; id?: string | undefined; name?: string | undefined }) {
  if (kind !== "agent") return <span class="avatar bot" aria-hidden="true"><Mark /></span>;
  return <span class={`avatar agent tint-${tintOf(id)}`} aria-hidden="true">{[...name][0]?.toUpperCase() ?? "客"}</span>;
}
