/** Sentences of the server on an English page; what nobody knows stays as it is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inEnglish } from "../src/language/en/server";

const KNOWN: [string, string][] = [
  ["主管把会话提前了 300 秒。", "A supervisor moved this conversation up by 300 s."],
  ["等待较久，已转到「技术支持」的队列。", "After a long wait this moved to the line of “技术支持”."],
  ["客服超过 10 分钟没有回复，会话已按原来的位置回到队列。", "No reply by the agent for 10 min; the conversation is back at its place in the line."],
  ["级别由 L2 改为 L3（小林），由老王负责", "Level changed from L2 to L3 by 小林; 老王 is in charge"],
  ["级别由 L2 改为 L3", "Level changed from L2 to L3"],
  ["会话（L2）后续回复还有 3 分钟超时", "Conversation (L2): next reply due in 3 min"],
  ["工单 GD20261122-0001（L3）首次响应已超时，已过 1 小时 5 分钟", "Ticket GD20261122-0001 (L3): first reply late by 1 h 5 min"],
  ["超时升级（提前排队）：会话（L2）首次响应已超时，排队提前 10 分钟、已通知主管", "Escalated (提前排队): Conversation (L2): first reply late; moved up by 10 min, told the supervisors"],
  ["答应客户的事过了时间还没兑现（11月23日 10:00）：明天上午答复您", "Promised by 11月23日 10:00 and not kept: 明天上午答复您"],
  ["回访：工单 GD20261122-0001，问题没有解决，评价 2 分", "Follow up: Ticket GD20261122-0001, not solved, rated 2 of 5"],
];

test("The server's own sentences are said in English.", () => {
  for (const [said, wanted] of KNOWN) assert.equal(inEnglish(said), wanted);
});

test("What people wrote stays as it is.", () => {
  for (const text of ["客户的项目权限是只读", "", "回电：139"]) assert.equal(inEnglish(text), text);
});
