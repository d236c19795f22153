"""What the desk itself writes into notes, alerts, tasks and tickets: each sentence under its code, in Chinese as it is
kept and searched, and in English as an English page says it; what people wrote is no sentence of its."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

#: What stands at a place of a sentence. ``said``: words of people, or another sentence.
Kind = Literal[
    "said", "number", "level", "time", "subject", "kind", "acts", "whom", "names", "answers", "moods", "endpoint",
    "trouble",
]  # fmt: skip

#: Places by name; one that is not here takes whatever was said.
PLACES: Mapping[str, Kind] = {
    "seconds": "number",
    "minutes": "number",
    "count": "number",
    "csat": "number",
    "days": "number",
    "n": "number",
    "before": "level",
    "after": "level",
    "level": "level",
    "time": "time",
    "subject": "subject",
    "clock": "kind",
    "acts": "acts",
    "whom": "whom",
    "numbers": "names",
    "answers": "answers",
    "moods": "moods",
    "endpoint": "endpoint",
    "trouble": "trouble",
}

#: Lists stand between these in Chinese, and between commas in English; the code of a part begins with its kind.
BETWEEN: Mapping[Kind, str] = {"acts": "，", "whom": "、", "names": "、", "answers": "、", "moods": "，"}

#: Code → Chinese and English. Where two could fit, the narrower one stands first.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "list.picture": ("[图片]", "[Picture]"),
    "list.file": ("[文件] {name}", "[File] {name}"),
    "note.pushed": ("主管把会话提前了 {seconds} 秒。", "A supervisor moved this conversation up by {seconds} s."),
    "note.soured": ("客户的情绪在变差，已提醒主管。", "The customer is getting upset; the supervisors were told."),
    "note.overflow": ("等待较久，已转到「{group}」的队列。", "After a long wait this moved to the line of “{group}”."),
    "note.lost": (
        "客服失去联系，会话已回到队首。",
        "The agent lost connection; the conversation is back at the head of the line.",
    ),
    "note.silent": (
        "客服超过 {minutes} 分钟没有回复，会话已按原来的位置回到队列。",
        "No reply by the agent for {minutes} min; the conversation is back at its place in the line.",
    ),
    "note.silent_again": (
        "已有 {count} 位客服先后超过 {minutes} 分钟没有回复，会话已移到队首，不再派给他们。"
        "请安排其他客服，或直接接管。",
        "{count} agents in turn did not reply for {minutes} min; the conversation is at the head of the line and goes "
        "to none of them again. Assign somebody else, or take over.",
    ),
    "note.level_by_owned": (
        "级别由 {before} 改为 {after}（{who}），由{owner}负责",
        "Level changed from {before} to {after} by {who}; {owner} is in charge",
    ),
    "note.level_owned": (
        "级别由 {before} 改为 {after}，由{owner}负责",
        "Level changed from {before} to {after}; {owner} is in charge",
    ),
    "note.level_by": ("级别由 {before} 改为 {after}（{who}）", "Level changed from {before} to {after} by {who}"),
    "note.level": ("级别由 {before} 改为 {after}", "Level changed from {before} to {after}"),
    "note.wants_human": ("客户在聊天窗口里请求人工。", "The customer asks for a human in the chat."),
    "clock.warning": ("{subject}{clock}还有 {time}超时", "{subject}: {clock} due in {time}"),
    "clock.escalated": (
        "超时升级（{rule}）：{subject}{clock}已超时，{acts}",
        "Escalated ({rule}): {subject}: {clock} late; {acts}",
    ),
    "clock.late_since": ("{subject}{clock}已超时，已过 {time}", "{subject}: {clock} late by {time}"),
    "clock.late": ("{subject}{clock}已超时", "{subject}: {clock} late"),
    "subject.conversation": ("会话（{level}）", "Conversation ({level})"),
    "subject.ticket": ("工单 {number}（{level}）", "Ticket {number} ({level})"),
    "kind.first_reply": ("首次响应", "first reply"),
    "kind.next_reply": ("后续回复", "next reply"),
    "kind.resolution": ("解决时限", "solution"),
    "acts.raised": ("排队提前 {time}", "moved up by {time}"),
    "acts.widened": ("转到技能组“{group}”一起处理", "opened to the group “{group}” too"),
    "acts.told": ("已通知{whom}", "told {whom}"),
    "whom.supervisors": ("主管", "the supervisors"),
    "whom.owner": ("负责人", "the owner"),
    "whom.on_call": ("值班人员", "who is on call"),
    "alert.missed_offers": (
        "连续几次没有接受会话邀请，已自动设为离开。",
        "Several offers were not taken; set to away.",
    ),
    "alert.silent": ("连续几位客户没有等到回复，已自动设为离开。", "Several customers waited in vain; set to away."),
    "alert.promise_near": ("答应客户的事快到时间了（{when}）：{text}", "Promised by {when}: {text}"),
    "alert.promise_due": ("答应客户的时间到了（{when}）：{text}", "Promised for now ({when}): {text}"),
    "alert.promise_broken": (
        "答应客户的事过了时间还没兑现（{when}）：{text}",
        "Promised by {when} and not kept: {text}",
    ),
    "alert.tickets_left_third": (
        "{name}的账号已停用，{count} 张工单需要新的处理人：{numbers}。其中 L3 必须有负责人：{third}",
        "{name}’s account is disabled; tickets that need somebody ({count}): {numbers}. L3 must have an owner: {third}",
    ),
    "alert.tickets_left": (
        "{name}的账号已停用，{count} 张工单需要新的处理人：{numbers}",
        "{name}’s account is disabled; tickets that need somebody ({count}): {numbers}",
    ),
    "alert.on_call_asked": (
        "{tier} 级客户在服务时间外需要人工，请尽快上线接入",
        "A {tier} customer needs a human outside hours; please take it soon",
    ),
    "alert.on_call_left": (
        "{tier} 级客户在服务时间外留言，请尽快联系",
        "A {tier} customer left a message outside hours; please call back soon",
    ),
    "alert.trouble": ("{endpoint}：{trouble}", "{endpoint}: {trouble}"),
    "rating.ticket_both": (
        "工单 {number}，问题没有解决，评价 {csat} 分",
        "Ticket {number}, not solved, rated {csat} of 5",
    ),
    "rating.ticket_unsolved": ("工单 {number}，问题没有解决", "Ticket {number}, not solved"),
    "rating.ticket_low": ("工单 {number}，评价 {csat} 分", "Ticket {number}, rated {csat} of 5"),
    "rating.both": ("问题没有解决，评价 {csat} 分", "not solved, rated {csat} of 5"),
    "rating.unsolved": ("问题没有解决", "not solved"),
    "rating.low": ("评价 {csat} 分", "rated {csat} of 5"),
    "task.follow_up": ("回访：{about}", "Follow up: {about}"),
    "task.visit": (
        "上线回访（第 {n} 次，上线后 {days} 天）：{company}",
        "Visit after going live (no. {n}, after {days} days): {company}",
    ),
    "summary.question": ("问题：{text}", "Question: {text}"),
    "summary.later": ("最后在问：{text}", "Asked last: {text}"),
    "summary.answered": ("机器人答过：{answers}", "The bot answered: {answers}"),
    "summary.tried": ("客户试过：{text}", "Tried: {text}"),
    "summary.errors": ("报错：{text}", "Error: {text}"),
    "summary.promised": ("答应过：{text}", "Promised: {text}"),
    "summary.mood": ("注意：客户{moods}", "Mind: the customer is {moods}"),
    "summary.mark": ("（自动摘录，原话见对话）", "(extracted; the words themselves are in the conversation)"),
    "summary.emptied": ("（有消息被撤回，摘录已清空）", "(a message was taken back; the extract is empty)"),
    "summary.missed": ("《{title}》没帮上", "“{title}” did not help"),
    "answers.helped": ("《{title}》（有帮助）", "“{title}” (helpful)"),
    "answers.missed": ("《{title}》（没帮上）", "“{title}” (did not help)"),
    "answers.given": ("《{title}》", "“{title}”"),
    "moods.angry": ("情绪激动", "upset"),
    "moods.anxious": ("着急", "anxious"),
    "moods.urgent": ("事情紧急", "in a hurry"),
    "card.page": ("页面：{text}", "Page: {text}"),
    "card.tried": ("已试：{text}", "Tried: {text}"),
    "step.imported": ("导入 {file}", "Imported from {file}"),
    "side.version": ("版本 {n}", "version {n}"),
    "side.drafts": ("{n} 篇草稿", "{n} drafts"),
    "side.threshold": ("阈值 {n}", "threshold {n}"),
    "import.same": ("和第 {n} 行的文件夹、名称相同", "the same folder and name as row {n}"),
    "import.bad": (
        "文件夹、名称或内容是空的，或有不能用的字符",
        "folder, name or text is empty, or has characters that cannot be kept",
    ),
    "import.long": ("太长，最多 {n} 个字", "too long, at most {n} characters"),
    "import.unknown": ("用到了没有的变量：{text}", "unknown variables: {text}"),
}


def say(code: str, **values: object) -> str:
    """The Chinese of a sentence with its places filled; raises ``KeyError`` for a code or place that is not there."""
    return SENTENCES[code][0].format_map(values)


def all_of(kind: Kind, parts: list[str]) -> str:
    """A list at one place of a sentence."""
    return BETWEEN[kind].join(parts)


def duration(seconds: float) -> str:
    """``40 秒``, ``12 分钟``, ``3 小时 5 分钟``: as people say it."""
    if seconds < 60:
        return f"{max(1, round(seconds))} 秒"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} 分钟"
    return f"{hours} 小时 {rest} 分钟" if rest else f"{hours} 小时"
