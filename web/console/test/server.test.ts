/** Sentences of the server on an English page; what nobody knows stays as it is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PLACES, SENTENCES } from "../src/language/en/sentences";
import { inEnglish } from "../src/language/en/server";

const KNOWN: [string, string][] = [
  ["主管把会话提前了 300 秒。", "A supervisor moved this conversation up by 300 s."],
  ["等待较久，已转到「技术支持」的队列。", "After a long wait this moved to the line of “技术支持”."],
  ["客服超过 10 分钟没有回复，会话已按原来的位置回到队列。", "No reply by the agent for 10 min; the conversation is back at its place in the line."],
  ["级别由 L2 改为 L3（小林），由老王负责", "Level changed from L2 to L3 by 小林; 老王 is in charge"],
  ["级别由 L2 改为 L3", "Level changed from L2 to L3"],
  ["会话（L2）后续回复还有 3 分钟超时", "Conversation (L2): next reply due in 3 min"],
  ["工单 GD20261122-0001（L3）首次响应已超时，已过 1 小时 5 分钟", "Ticket GD20261122-0001 (L3): first reply late by 1 h 5 min"],
  ["超时升级（提前排队）：会话（L2）首次响应已超时，排队提前 10 分钟，已通知主管、值班人员", "Escalated (提前排队): Conversation (L2): first reply late; moved up by 10 min, told the supervisors, who is on call"],
  ["机器人答过：《怎么导出》（没帮上）、《甘特图》", "The bot answered: “怎么导出” (did not help), “甘特图”"],
  ["注意：客户情绪激动，事情紧急", "Mind: the customer is upset, in a hurry"],
  ["陈晨的账号已停用，2 张工单需要新的处理人：GD1、GD2。其中 L3 必须有负责人：GD2", "陈晨’s account is disabled; tickets that need somebody (2): GD1, GD2. L3 must have an owner: GD2"],
  ["[文件] 日志.txt", "[File] 日志.txt"],
  ["答应客户的事过了时间还没兑现（11月23日 10:00）：明天上午答复您", "Promised by 11月23日 10:00 and not kept: 明天上午答复您"],
  ["回访：工单 GD20261122-0001，问题没有解决，评价 2 分", "Follow up: Ticket GD20261122-0001, not solved, rated 2 of 5"],
];

test("The server's own sentences are said in English.", () => {
  for (const [said, wanted] of KNOWN) assert.equal(inEnglish(said), wanted);
});

const SAMPLES: Record<string, string> = { number: "3", level: "L2", time: "1 小时 5 分钟", subject: "会话（L3）", kind: "首次响应", acts: "排队提前 10 分钟，已通知主管", whom: "负责人、laowang", names: "GD1、GD2", answers: "《Gantt》（有帮助）", moods: "着急", endpoint: "群机器人 ops", trouble: "连不上邮件服务器" };

test("Every sentence of the server's table has an English form that says all of it, without a Chinese letter.", () => {
  for (const [code, [chinese, english]] of Object.entries(SENTENCES)) {
    const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
    assert.deepEqual(places(english), places(chinese), code);
    if (Object.values(PLACES).includes(code.split(".")[0]!)) continue; // parts are said within others
    const said = inEnglish(chinese.replace(/\{(\w+)\}/g, (_, name: string) => SAMPLES[PLACES[name] ?? ""] ?? "xy"));
    assert.doesNotMatch(said, /[\u4e00-\u9fff「」：，。（）]/, code);
  }
});

test("What people wrote stays as it is.", () => {
  for (const text of ["客户的项目权限是只读", "", "回电：139"]) assert.equal(inEnglish(text), text);
});
