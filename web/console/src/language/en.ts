// The same words in English; a word that is missing is an error of its area's file.
import { accounts } from "./en/accounts";
import { cards } from "./en/cards";
import { clocks } from "./en/clocks";
import { conversation } from "./en/conversation";
import { figures } from "./en/figures";
import { editing } from "./en/editing";
import { stocktaking } from "./en/stocktaking";
import { frame } from "./en/frame";
import { help } from "./en/help";
import { knowledge } from "./en/knowledge";
import { notifications } from "./en/notifications";
import { people } from "./en/people";
import { search } from "./en/search";
import { settings } from "./en/settings";
import { supervision } from "./en/supervision";
import { tickets } from "./en/tickets";
import { uploads } from "./en/uploads";
import { workbench } from "./en/workbench";
import type { Key } from "./zh";

export const en: Record<Key, string> = {
  ...accounts,
  ...cards,
  ...clocks,
  ...conversation,
  ...figures,
  ...editing,
  ...stocktaking,
  ...frame,
  ...help,
  ...knowledge,
  ...notifications,
  ...people,
  ...search,
  ...settings,
  ...supervision,
  ...tickets,
  ...uploads,
  ...workbench,
};
