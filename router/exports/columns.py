"""The columns of every list: where a cell comes from in an item of the list's own answer, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from router.exports.sheets import Cell, Heading
from router.exports.words import Both, Locale, named, said

Kind = Literal["plain", "who", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """``path`` leads into the item; ``words`` names a table of words; ``who``: the id of a colleague or a group."""

    title: Both
    path: str
    kind: Kind = "plain"
    words: str | None = None
    width: int = 16

    def heading(self, locale: Locale) -> Heading:
        return Heading(said(self.title, locale), self.width)

    def cell(self, item: Mapping[str, Any], names: Mapping[UUID, str], locale: Locale) -> Cell:
        found: Any = item
        for part in self.path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if found is None:
            return None
        if self.words is not None:
            return named(self.words, str(found), locale)
        if self.kind == "who":
            return names.get(found, "")
        if self.kind == "list":
            return "、".join(map(str, found))
        cell: Cell = str(found) if isinstance(found, UUID) else found
        return cell


@dataclass(frozen=True, slots=True)
class Exported:
    """A list by the route that answers it."""

    title: Both
    path: str
    columns: Sequence[Column]


_CUSTOMER = Column(("客户", "Customer"), "customer.name", width=18)
_COMPANY = Column(("公司", "Company"), "customer.company", width=22)
_TIER = Column(("客户等级", "Tier"), "customer.tier", words="tier")
_GROUP = Column(("技能组", "Group"), "group_id", "who")
_ID = Column(("会话编号", "Conversation"), "conversation_id", width=38)

LISTS: Mapping[str, Exported] = {
    "conversations": Exported(
        ("会话", "Conversations"),
        "/api/v1/conversations",
        (
            Column(("会话编号", "Conversation"), "id", width=38),
            _CUSTOMER,
            _COMPANY,
            _TIER,
            Column(("状态", "State"), "state", words="state"),
            Column(("转人工原因", "Reason"), "reason", words="reason"),
            Column(("级别", "Level"), "level", width=8),
            Column(("客服", "Agent"), "owner", "who"),
            Column(("问题分类", "Topic"), "topic", width=22),
            Column(("最后一句", "Last words"), "last_text", width=50),
            Column(("开始时间", "Began"), "started_at", width=20),
            Column(("最后更新", "Last word at"), "last_at", width=20),
        ),
    ),
    "tickets": Exported(
        ("工单", "Tickets"),
        "/api/v1/tickets",
        (
            Column(("工单号", "Number"), "number", width=20),
            Column(("标题", "Title"), "title", width=40),
            Column(("状态", "Status"), "status", words="ticket"),
            Column(("级别", "Level"), "level", width=8),
            Column(("问题分类", "Category"), "category", width=22),
            _CUSTOMER,
            _COMPANY,
            _TIER,
            Column(("负责人", "Assignee"), "assignee.name"),
            _GROUP,
            Column(("研发单号", "Tracker"), "tracker.number"),
            Column(("创建时间", "Made at"), "created_at", width=20),
            Column(("更新时间", "Updated at"), "updated_at", width=20),
        ),
    ),
    "tasks": Exported(
        ("任务", "Tasks"),
        "/api/v1/tasks",
        (
            Column(("类型", "Kind"), "kind", words="task_kind"),
            Column(("状态", "State"), "state", words="task"),
            Column(("内容", "What"), "text", width=50),
            Column(("到期时间", "Due at"), "due_at", width=20),
            Column(("负责人", "Assignee"), "assignee", "who"),
            _GROUP,
            Column(("公司", "Company"), "company", width=22),
            Column(("联系方式", "Contact"), "contact", width=22),
            Column(("结果", "Outcome"), "outcome", words="outcome"),
            Column(("结果说明", "About it"), "outcome_text", width=40),
            Column(("创建时间", "Made at"), "created_at", width=20),
            Column(("完成时间", "Ended at"), "ended_at", width=20),
            _ID,
        ),
    ),
    "promises": Exported(
        ("承诺", "Promises"),
        "/api/v1/promises",
        (
            Column(("承诺", "Promise"), "text", width=50),
            Column(("状态", "State"), "state", words="promise"),
            Column(("约定时间", "Due at"), "due_at", width=20),
            Column(("客服", "Agent"), "owner_name"),
            Column(("超时时间", "Broken at"), "broken_at", width=20),
            Column(("兑现时间", "Settled at"), "settled_at", width=20),
            Column(("工单", "Ticket"), "ticket", width=20),
            Column(("创建时间", "Made at"), "created_at", width=20),
            _ID,
        ),
    ),
    "ratings": Exported(
        ("评价", "Ratings"),
        "/api/v1/ratings",
        (
            Column(("满意度（1–5）", "CSAT (1–5)"), "csat"),
            Column(("是否解决", "Resolved"), "resolved"),
            Column(("推荐意愿（0–10）", "NPS (0–10)"), "nps"),
            Column(("客户的话", "Comment"), "comment", width=50),
            Column(("客服", "Agent"), "agent_name"),
            Column(("工单", "Ticket"), "ticket", width=20),
            Column(("评价时间", "Rated at"), "at", width=20),
            _ID,
        ),
    ),
    "blocks": Exported(
        ("黑名单", "Blocks"),
        "/api/v1/blocks",
        (
            Column(("客户编号", "Customer"), "customer_id", width=38),
            Column(("原因", "Reason"), "reason", width=40),
            Column(("时长（小时）", "Hours"), "hours"),
            Column(("状态", "State"), "state", words="block"),
            Column(("提出人", "Proposed by"), "proposed_by", "who"),
            Column(("提出时间", "Proposed at"), "proposed_at", width=20),
            Column(("审批人", "Decided by"), "decided_by", "who"),
            Column(("审批时间", "Decided at"), "decided_at", width=20),
            Column(("结束时间", "Ends at"), "ends_at", width=20),
        ),
    ),
    "customers": Exported(
        ("客户", "Customers"),
        "/api/v1/customers",
        (
            Column(("客户编号", "Customer"), "id", width=38),
            Column(("姓名", "Name"), "name"),
            Column(("邮箱", "E-mail"), "email", width=26),
            Column(("手机", "Phone"), "phone", width=18),
            Column(("客户等级", "Tier"), "tier", words="tier"),
            Column(("公司", "Company"), "company.name", width=22),
            Column(("标签", "Tags"), "tags", "list", width=24),
            Column(("版本", "Edition"), "edition"),
            Column(("首次来访", "First seen"), "created_at", width=20),
            Column(("最近来访", "Last seen"), "seen_at", width=20),
        ),
    ),
    "companies": Exported(
        ("公司", "Companies"),
        "/api/v1/companies",
        (
            Column(("名称", "Name"), "name", width=26),
            Column(("外部编号", "External id"), "external_id"),
            Column(("客户成功经理", "Success manager"), "success_manager", "who"),
            Column(("客户等级", "Tier"), "tier", words="tier"),
            Column(("版本", "Edition"), "edition"),
            Column(("产品版本", "Product version"), "product_version"),
            Column(("部署方式", "Hosting"), "hosting", words="hosting"),
            Column(("合同开始", "Contract from"), "contract_start"),
            Column(("合同到期", "Contract to"), "contract_end"),
            Column(("联系人数", "Contacts"), "contacts"),
            Column(("标签", "Tags"), "tags", "list", width=24),
        ),
    ),
    "unanswered": Exported(
        ("待改进的问题", "Questions to improve"),
        "/api/v1/learning/tasks",
        (
            Column(("问题", "Question"), "question", width=50),
            Column(("次数", "Times"), "times"),
            Column(("机器人的话", "Bot's words"), "answer", width=50),
            Column(("客服的回复", "Agent's reply"), "reply", width=50),
            Column(("说明", "Comment"), "comment", width=30),
            Column(("处理结果", "Outcome"), "outcome", words="outcome"),
            Column(("文章", "Article"), "outcome_id", width=24),
            Column(("时间", "At"), "at", width=20),
            _ID,
        ),
    ),
    "analytics": Exported(
        ("看板明细", "Behind the figures"),
        "/api/v1/analytics/list",
        (
            _CUSTOMER,
            _COMPANY,
            _TIER,
            Column(("状态", "State"), "state", words="state"),
            Column(("客服", "Agent"), "agent"),
            Column(("技能组", "Group"), "group"),
            Column(("问题分类", "Topic"), "topic", width=22),
            Column(("内容", "Words"), "text", width=50),
            Column(("转人工原因", "Reason"), "reason", words="reason"),
            Column(("数值（秒或分）", "Value (seconds or points)"), "value"),
            Column(("超时", "Late"), "late"),
            Column(("工单", "Ticket"), "ticket", width=20),
            Column(("时间", "At"), "at", width=20),
            _ID,
        ),
    ),
}
