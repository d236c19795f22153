// English words of the card that goes along with a hand-off, and of what customers do while they wait.
import type { cards as zh } from "../zh/cards";

export const cards: Record<keyof typeof zh, string> = {
  "card.title": "Hand-over card",
  "card.question": "Question",
  "card.tried": "Tried",
  "card.page": "Page",
  "card.screenshots": "Pictures",
  "card.edited": "changed by the customer at {time}",
  "card.justEdited": "The customer has just changed it",
  "card.emptied": "(emptied by the customer)",
  "feeling.angry": "Upset",
  "feeling.anxious": "Anxious",
  "feeling.urgent": "Urgent",
  "feeling.other": "Feeling",
  "feeling.hint": "Read from the customer's newest words; the customer does not see it",
  "message.whileWaiting": "given while waiting",
};
