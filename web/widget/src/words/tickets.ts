/** The words of the tickets sheet; loaded with it. */

import type { TicketStatus } from "@yingda/shared/events";

const zh = {
  title: "我的工单",
  back: "返回工单列表",
  empty: "您还没有工单。",
  failed: "暂时没有取到，请稍后再试。",
  more: "更多",
  first: "您的描述",
  you: "您",
  us: "客服",
  answer: "补充说明或回复",
  placeholder: "写给处理这件事的同事…",
  send: "发送",
  sending: "正在发送…",
  solved: "问题解决了吗？",
  yes: "已解决",
  no: "还没解决",
  closes: (at: string) => `${at}前没有消息，工单会自动关闭。`,
  until: (at: string) => `${at}前在这里回复，工单会重新打开。`,
  over: "这张工单已经关闭。又遇到的话，直接在对话里说就好。",
  merged: (number: string) => `已和 ${number} 合在一起处理。`,
  takenBack: "消息已撤回",
  missing: "请先写点什么",
};

const en: typeof zh = {
  title: "My tickets",
  back: "Back to the list",
  empty: "You have no tickets yet.",
  failed: "This could not be loaded. Please try again later.",
  more: "More",
  first: "What you described",
  you: "You",
  us: "Support",
  answer: "Add something or answer",
  placeholder: "To the person who looks into this…",
  send: "Send",
  sending: "Sending…",
  solved: "Is it solved?",
  yes: "Solved",
  no: "Not yet",
  closes: (at: string) => `Without word from you it closes on ${at}.`,
  until: (at: string) => `An answer here before ${at} opens it again.`,
  over: "This ticket is closed. Should it happen again, just say so in the chat.",
  merged: (number: string) => `Handled together with ${number}.`,
  takenBack: "Taken back",
  missing: "Please write something first",
};

export const ticketWords = (tag: string): typeof zh => (tag === "en" ? en : zh);

/** The tone of each state: what waits for the customer stands out. */
export const tone = (status: TicketStatus): string => (status === "waiting_customer" || status === "solved" ? "yours" : status === "closed" ? "over" : "ours");
