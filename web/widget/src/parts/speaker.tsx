/** Who speaks: the bot by its mark, a colleague by the first letter of their public name on a ground of their own. */

import type { AgentRef, Event } from "@yingda/shared/events";
import type { Log } from "@yingda/shared/log";
import { useState } from "preact/hooks";
import { Mark } from "./icons.tsx";

export interface Speaker {
  id: string;
  name: string;
  staff: string | undefined;
  picture: string | undefined;
}

const speakerOf = ({ id, name, staff_number, picture }: AgentRef): Speaker => ({
  id,
  name,
  staff: staff_number,
  // Only what this server shows itself.
  picture: /^\/portraits\/[0-9a-f]+$/.test(picture ?? "") ? picture : undefined,
});

/** The agent who has the conversation, from the last state that names one. */
export function agentOf(events: Event[]): Speaker | undefined {
  const event = events.findLast((one) => one.kind === "state");
  return event?.state === "human" && event.agent ? speakerOf(event.agent) : undefined;
}

/** Every agent who has been in the thread, by id, as they were last. */
export function agentsIn(logs: Log[]): Map<string, Speaker> {
  const agents = new Map<string, Speaker>();
  for (const log of logs) for (const { agent } of log.events) if (agent) agents.set(agent.id, speakerOf(agent));
  return agents;
}

const TINTS = 6;

/** The same colleague always has the same ground. */
export function tintOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)!) % 9_973;
  return sum % TINTS;
}

export function Avatar({ kind, id = "", name = "", picture }: { kind: string; id?: string | undefined; name?: string | undefined; picture?: string | undefined }) {
  const [missing, setMissing] = useState("");
  if (kind !== "agent") return <span class="avatar bot" aria-hidden="true"><Mark /></span>;
  if (picture && picture !== missing) return <img class="avatar" src={picture} alt="" onError={() => setMissing(picture)} />;
  return <span class={`avatar agent tint-${tintOf(id)}`} aria-hidden="true">{[...name][0]?.toUpperCase() ?? "客"}</span>;
}
