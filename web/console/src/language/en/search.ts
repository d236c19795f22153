// English words of searching.
import type { search as chinese } from "../zh/search";

export const search: Record<keyof typeof chinese, string> = {
  "search.title": "Search",
  "search.placeholder": "Conversations, notes, tickets, articles: two characters or more",
  "search.short": "Type at least two characters in one piece",
  "search.hint": "Put spaces between words; all of them have to be there.",
  "search.failed": "The search did not work, please try again.",
  "search.nothing": "Nothing found for “{q}”",
  "search.nothing.hint": "Try other or fewer words. Only what you may see is searched.",
  "search.archived": "Conversations from before {day} are in the archive and are not found by their words: look them up by customer and date.",
  "search.message": "Conversations",
  "search.ticket": "Tickets",
  "search.article": "Articles",
  "search.note": "Note",
  "search.more": "More",
};
