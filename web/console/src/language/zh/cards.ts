// Chinese words of the card that goes along with a hand-off, and of what customers do while they wait.
export const cards = {
  "card.title": "交接卡",
  "card.question": "问题",
  "card.tried": "已经试过",
  "card.page": "所在页面",
  "card.screenshots": "截图",
  "card.edited": "客户 {time} 改过",
  "card.justEdited": "客户刚刚改了",
  "card.emptied": "（客户清空了）",
  "feeling.angry": "情绪激动",
  "feeling.anxious": "着急",
  "feeling.urgent": "紧急",
  "feeling.other": "情绪",
  "feeling.hint": "从客户最近的话里看出来的，客户看不到",
  "message.whileWaiting": "排队时的参考答案",
} as const;
