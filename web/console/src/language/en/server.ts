// What the server itself writes into notes, alerts and tasks, in English: it knows one language, this page two. A
// sentence that is not known stays as it is, and so do the words of people inside one.

const DURATION = /(\d+) (小时|分钟|秒)/g;
const UNITS: Record<string, string> = { 小时: "h", 分钟: "min", 秒: "s" };
const CLOCKS: Record<string, string> = { 首次响应: "first reply", 后续回复: "next reply", 解决时限: "solution" };

const duration = (text: string): string => text.replace(DURATION, (_, n: string, unit: string) => `${n} ${UNITS[unit]}`);

function done(text: string): string {
  return text
    .replace(/排队提前 ((?:\d+ (?:小时|分钟|秒) ?)+)/g, (_, time: string) => `moved up by ${duration(time).trim()}`)
    .replace(/转到技能组“(.+?)”一起处理/g, "opened to the group “$1” too")
    .replace(/已通知/g, "told ")
    .replaceAll("主管", "the supervisors")
    .replaceAll("、", ", ");
}

function clock(match: RegExpMatchArray): string {
  const [, , rule, ticket, level, kind = "", left, late, , acts] = match;
  const what = `${ticket ? `Ticket ${ticket}` : "Conversation"} (${level}): ${CLOCKS[kind]} `;
  const when = left ? `due in ${duration(left)}` : `late${late ? ` by ${duration(late.replace("，已过 ", ""))}` : ""}`;
  return `${rule ? `Escalated (${rule}): ` : ""}${what}${when}${acts ? `; ${done(acts)}` : ""}`;
}

const SENTENCES: readonly [RegExp, string | ((match: RegExpMatchArray) => string)][] = [
  [/^\[图片\]$/, "[Picture]"],
  [/^\[文件\] (.+)$/s, "[File] $1"],
  [/^主管把会话提前了 (\d+) 秒。$/, "A supervisor moved this conversation up by $1 s."],
  [/^客户的情绪在变差，已提醒主管。$/, "The customer is getting upset; the supervisors were told."],
  [/^等待较久，已转到「(.+)」的队列。$/, "After a long wait this moved to the line of “$1”."],
  [/^客服失去联系，会话已回到队首。$/, "The agent lost connection; the conversation is back at the head of the line."],
  [/^客服超过 ([\d.]+) 分钟没有回复，会话已按原来的位置回到队列。$/, "No reply by the agent for $1 min; the conversation is back at its place in the line."],
  [/^级别由 (L\d) 改为 (L\d)(?:（(.+?)）)?(?:，由(.+)负责)?$/, ([, from, to, who, owner]) => `Level changed from ${from} to ${to}${who ? ` by ${who}` : ""}${owner ? `; ${owner} is in charge` : ""}`],
  [/^(超时升级（(.+?)）：)?(?:会话|工单 (\S+?))（(L\d)）(首次响应|后续回复|解决时限)(?:还有 (.+?)超时|已超时(，已过 (?:\d+ (?:小时|分钟|秒) ?)+)?)(，(.+))?$/, clock],
  [/^连续几次没有接受会话邀请，已自动设为离开。$/, "Several offers were not taken; set to away."],
  [/^连续几位客户没有等到回复，已自动设为离开。$/, "Several customers waited in vain; set to away."],
  [/^答应客户的事快到时间了（(.+?)）：(.*)$/s, "Promised by $1: $2"],
  [/^答应客户的时间到了（(.+?)）：(.*)$/s, "Promised for now ($1): $2"],
  [/^答应客户的事过了时间还没兑现（(.+?)）：(.*)$/s, "Promised by $1 and not kept: $2"],
  [/^(.+)的账号已停用，(\d+) 张工单需要新的处理人：([^。]+)(?:。其中 L3 必须有负责人：(.+))?$/, ([, name, count, numbers, third]) => `${name}’s account is disabled; ${count} tickets need somebody: ${numbers!.replaceAll("、", ", ")}${third ? `. L3 must have an owner: ${third.replaceAll("、", ", ")}` : ""}`],
  [/^回访：(.*)$/s, ([, what = ""]) => `Follow up: ${inEnglish(what)}`],
  [/^(?:工单 (\S+?)，)?(?=问题|评价)(问题没有解决)?，?(?:评价 (\d) 分)?$/, ([, ticket, unsolved, csat]) => [ticket && `Ticket ${ticket}`, unsolved && "not solved", csat && `rated ${csat} of 5`].filter(Boolean).join(", ")],
];

export function inEnglish(text: string): string {
  for (const [pattern, said] of SENTENCES) {
    const match = text.match(pattern);
    if (match) return typeof said === "string" ? said.replace(/\$(\d)/g, (_, at: string) => match[Number(at)] ?? "") : said(match);
  }
  return text;
}
