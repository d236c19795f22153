"""What workbooks call things, in Chinese and English; a name that is not here stands for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Locale = Literal["zh-CN", "en"]
Both = tuple[str, str]

YES: Both = ("是", "yes")
NO: Both = ("否", "no")

NAMES: Mapping[str, Mapping[str, Both]] = {
    "state": {
        "bot": ("机器人接待", "bot"),
        "waiting": ("排队", "waiting"),
        "human": ("人工接待", "human"),
        "closed": ("已结束", "closed"),
    },
    "ticket": {
        "new": ("待处理", "new"),
        "open": ("处理中", "open"),
        "waiting_customer": ("待客户", "waiting for customer"),
        "waiting_development": ("待研发", "waiting for development"),
        "waiting_release": ("待发布", "waiting for release"),
        "solved": ("已解决", "solved"),
        "closed": ("已关闭", "closed"),
    },
    "task": {"open": ("待办", "open"), "done": ("已完成", "done"), "cancelled": ("已取消", "cancelled")},
    "task_kind": {
        "follow_up": ("跟进", "follow-up"),
        "visit": ("回访", "visit"),
        "call_back": ("回电", "call back"),
        "other": ("其他", "other"),
    },
    "promise": {
        "proposed": ("待确认", "proposed"),
        "open": ("进行中", "open"),
        "kept": ("已兑现", "kept"),
        "dismissed": ("已取消", "dismissed"),
    },
    "block": {
        "proposed": ("待审批", "proposed"),
        "approved": ("已批准", "approved"),
        "refused": ("已拒绝", "refused"),
        "lifted": ("已解除", "lifted"),
    },
    "reason": {
        "asked": ("主动要求人工", "asked"),
        "low_confidence": ("没把握", "not sure"),
        "repeated_miss": ("两次没答上", "missed twice"),
        "emotion": ("情绪激动", "emotion"),
        "urgent": ("紧急", "urgent"),
        "rule": ("规则", "rule"),
        "other": ("其他原因", "other"),
    },
    "outcome": {
        "article": ("已有文章", "article"),
        "nobodys": ("不归知识库", "nobody's"),
        "dismissed": ("不处理", "dismissed"),
        "reached": ("已联系上", "reached"),
        "not_reached": ("没有联系上", "not reached"),
        "solved": ("已解决", "solved"),
        "wants_more": ("还需跟进", "wants more"),
        "other": ("其他", "other"),
    },
    "tier": {
        "free": ("免费版", "free"),
        "standard": ("标准版", "standard"),
        "enterprise": ("企业版", "enterprise"),
        "strategic": ("战略客户", "strategic"),
    },
    "presence": {"online": ("在线", "online"), "away": ("离开", "away"), "offline": ("离线", "offline")},
    "role": {
        "agent": ("客服", "agent"),
        "supervisor": ("主管", "supervisor"),
        "editor": ("知识编辑", "editor"),
        "admin": ("管理员", "admin"),
    },
    "assignment": {"auto": ("自动分配", "automatic"), "offer": ("邀请接入", "offered"), "pick": ("抢接", "picked")},
    "direction": {"out": ("客服发出的", "agents write"), "in": ("客户发来的", "customers write")},
    "pattern": {
        "word": ("词", "word"),
        "wechat": ("私人微信号", "private WeChat number"),
        "qq": ("私人 QQ 号", "private QQ number"),
        "phone": ("手机号", "phone number"),
        "card": ("银行卡号、身份证号", "card or identity number"),
    },
    "effect": {
        "block": ("不能发", "blocked"),
        "warn": ("发前确认", "asked before sending"),
        "tell": ("告诉主管", "told to supervisors"),
    },
    "channel": {
        "mail": ("邮件", "mail"),
        "sms": ("短信", "SMS"),
        "robot": ("群机器人", "group robot"),
        "webhook": ("事件推送", "webhook"),
    },
    "delivery": {
        "dead": ("未送达", "not delivered"),
        "failed": ("等待重试", "to be tried again"),
        "pending": ("等待发送", "waiting"),
        "sending": ("发送中", "being sent"),
        "sent": ("已送达", "delivered"),
    },
    "notice": {
        "message_answered": ("留言已答复", "message answered"),
        "agent_replied": ("客户离开后的回复", "reply to who was away"),
        "ticket_created": ("工单已受理", "ticket received"),
        "ticket_updated": ("工单有新回复", "reply to a ticket"),
        "ticket_solved": ("工单已处理好", "ticket solved"),
        "callback_booked": ("已预约回电", "call booked"),
        "callback_changed": ("回电改时间", "call moved"),
        "callback_cancelled": ("回电已取消", "call cancelled"),
        "alert": ("提醒", "alert"),
        "mentioned": ("有同事在备注里提到您", "a colleague mentioned you in a note"),
        "soured": ("客户情绪变差", "customer getting angry"),
        "clock_warning": ("即将超时", "due soon"),
        "clock_breached": ("已超时", "overdue"),
        "abuse": ("客户消息中有辱骂", "abuse in a message"),
        "bad_rating": ("差评", "bad rating"),
        "promise_reminder": ("承诺提醒", "promise to keep"),
        "promise_due": ("承诺即将到期", "promise due soon"),
        "promise_broken": ("承诺已逾期", "promise overdue"),
        "overflow": ("排队转到其他组", "moved to another group's line"),
        "agent_lost": ("客服掉线", "agent's connection lost"),
        "agent_silent": ("客服长时间没有回复", "agent has not replied"),
        "agent_away": ("客服被设为离开", "agent set away"),
        "block_asked": ("拉黑待审批", "block waits for approval"),
        "block_approved": ("拉黑已通过", "block approved"),
        "task_due": ("待办到期", "task due"),
        "callback_due": ("该回电了", "call back due"),
        "ticket_unowned": ("工单需要新的处理人", "tickets need somebody new"),
        "task_late": ("待办逾期", "task overdue"),
        "on_call": ("值班提醒", "on call"),
        "ticket_assigned": ("工单指派", "ticket assigned"),
        "ticket_changed": ("工单变化", "ticket changed"),
        "ticket_replied": ("客户回复工单", "customer replied to a ticket"),
        "outbox_trouble": ("通知发不出去", "notices cannot be sent"),
        "webhook_disabled": ("事件推送已停用", "webhook switched off"),
        "test": ("测试消息", "test message"),
    },
    "hosting": {"cloud": ("云服务", "cloud"), "private": ("私有化", "private")},
}

NOTE: Mapping[str, Both] = {
    "sheet": ("说明", "About"),
    "what": ("内容", "What"),
    "value": ("值", "Value"),
    "list": ("列表", "List"),
    "rows": ("行数", "Rows"),
    "made_at": ("导出时间", "Exported at"),
    "made_by": ("导出人", "Exported by"),
    "timezone": ("时间所用时区", "Times are in"),
    "cut": (
        "只导出了前 {rows} 行，后面还有。请缩小筛选范围再导出。",
        "Only the first {rows} rows were exported, there are more. Narrow the list down and export again.",
    ),
    "note": ("注意", "Note"),
    "period": ("时间范围", "Period"),
    "before": ("对比", "Compared with"),
}


def said(both: Both, locale: Locale) -> str:
    return both[0] if locale == "zh-CN" else both[1]


def named(kind: str, name: str | None, locale: Locale) -> str | None:
    """The word for a name of the wire."""
    if name is None:
        return None
    both = NAMES[kind].get(name)
    return name if both is None else said(both, locale)
