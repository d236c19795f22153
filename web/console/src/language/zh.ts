// Every word of the console in Chinese, the first language; {name} marks what is put in. One file for each area.
import { accounts } from "./zh/accounts";
import { cards } from "./zh/cards";
import { clocks } from "./zh/clocks";
import { conversation } from "./zh/conversation";
import { figures } from "./zh/figures";
import { editing } from "./zh/editing";
import { stocktaking } from "./zh/stocktaking";
import { frame } from "./zh/frame";
import { help } from "./zh/help";
import { knowledge } from "./zh/knowledge";
import { notifications } from "./zh/notifications";
import { people } from "./zh/people";
import { search } from "./zh/search";
import { settings } from "./zh/settings";
import { supervision } from "./zh/supervision";
import { tickets } from "./zh/tickets";
import { uploads } from "./zh/uploads";
import { workbench } from "./zh/workbench";

export const zh = {
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
} as const;

export type Key = keyof typeof zh;
