/** What a change of state says to the customer; changes that are none of their business say nothing. */

import type { Event } from "@yingda/shared/events";
import { named, type Words } from "../words/words.ts";

export function lineOf(words: Words, event: Event, previous: Event | undefined): string | undefined {
  if (event.kind === "ticket") {
    if (!event.number) return undefined;
    const status = named(words.ticketStatus, event.status);
    return event.status === "new" || !status ? words.line.ticket(event.number) : words.line.ticketMoved(event.number, status);
  }
  const who = words.who(event.agent?.name ?? words.agentFallback, event.agent?.staff_number);
  switch (event.state) {
    case "human":
      if (previous?.state === "human" && previous.agent?.id === event.agent?.id) return undefined;
      return previous?.state === "human" ? words.line.transferred(who) : words.line.joined(who);
    case "waiting":
      if (event.reason === "agent_lost") return words.line.agentLost;
      if (event.reason === "taken_over") return undefined; // a human is there in the same moment
      if (previous?.state === "waiting") return undefined; // in another line now, which changes nothing for them
      return previous?.state === "human" ? words.line.transferredAway : words.line.waiting;
    case "bot":
      if (event.reason === "left_queue") return words.line.leftQueue;
      return previous ? words.line.bot : undefined;
    case "closed":
      if (event.reason === "idle") return words.line.idle;
      if (event.reason === "left") return words.line.closedByYou;
      if (event.reason === "message_left") return words.line.messageLeft;
      return event.reason === "merged" ? undefined : words.line.closed;
    default:
      return undefined;
  }
}
