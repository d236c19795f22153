/** The few words outside the iframe, in every language of the chat. */

import type { Tag } from "../words/tags.ts";

/** To open the chat, to close it, what it is, to put a preview away. */
type Labels = [open: string, close: string, chat: string, dismiss: string];

export const LABELS: Record<Tag, Labels> = {
  "zh-CN": ["打开在线客服", "关闭在线客服", "在线客服", "不看这条提示"],
  "zh-TW": ["開啟線上客服", "關閉線上客服", "線上客服", "關閉這則提示"],
  en: ["Open chat", "Close chat", "Support chat", "Dismiss this preview"],
  ja: ["チャットを開く", "チャットを閉じる", "サポートチャット", "この通知を閉じる"],
  es: ["Abrir el chat", "Cerrar el chat", "Chat de atención", "Descartar este aviso"],
};
