"""The lists of how the house is set up and stands: people, groups, words, notices, the floor now."""

from __future__ import annotations

from collections.abc import Mapping

from router.exports.columns import COMPANY, CONVERSATION, CUSTOMER, GROUP, TIER, Column, Exported

HOUSE: Mapping[str, Exported] = {
    "accounts": Exported(
        ("账号", "Accounts"),
        "/api/v1/agents",
        (
            Column(("用户名", "User name"), "username", width=20),
            Column(("姓名", "Name"), "name"),
            Column(("对外名称", "Public name"), "public_name"),
            Column(("工号", "Staff number"), "staff_number"),
            Column(("角色", "Roles"), "roles", "list", words="role", width=24),
            Column(("技能组", "Groups"), "groups", "list", width=28),
            Column(("接待上限", "Capacity"), "capacity"),
            Column(("已停用", "Disabled"), "disabled"),
            Column(("创建时间", "Made at"), "created_at", width=20),
        ),
    ),
    "groups": Exported(
        ("技能组", "Groups"),
        "/api/v1/groups",
        (
            Column(("名称", "Name"), "name", width=22),
            Column(("分配方式", "Assignment"), "assignment", words="assignment"),
            Column(("默认组", "Default"), "is_default"),
            Column(("成员", "Members"), "members", "list", width=40),
            Column(("问题分类", "Topics"), "topics", "list", width=28),
            Column(("语言", "Languages"), "languages", "list"),
            Column(("产品", "Products"), "products", "list"),
            Column(("站点", "Sites"), "sites", "list"),
            Column(("溢出到", "Overflow to"), "overflow_to", "who"),
            Column(("等待多久后溢出（秒）", "Overflow after (s)"), "overflow_after_seconds"),
        ),
    ),
    "canned": Exported(
        ("常用语", "Canned replies"),
        "/api/v1/canned-replies",
        (
            Column(("分组", "Folder"), "folder", width=18),
            Column(("名称", "Name"), "name", width=24),
            Column(("内容", "Text"), "text", width=70),
            Column(("团队共用", "Team's"), "is_team"),
            Column(("用过次数", "Used"), "used"),
            Column(("更新时间", "Updated at"), "updated_at", width=20),
        ),
    ),
    "words": Exported(
        ("用词", "Words to mind"),
        "/api/v1/minded-words",
        (
            Column(("方向", "Direction"), "direction", words="direction"),
            Column(("规则", "Pattern"), "pattern", words="pattern"),
            Column(("词", "Word"), "word", width=24),
            Column(("效果", "Effect"), "effect", words="effect"),
            Column(("说明", "Reason"), "reason", width=40),
            Column(("启用", "Active"), "is_active"),
            Column(("命中次数", "Hits"), "hits"),
        ),
    ),
    "notices": Exported(
        ("通知", "Notices"),
        "/api/v1/notifications",
        (
            Column(("事件", "Kind"), "kind", words="notice", width=28),
            Column(("渠道", "Channel"), "channel", words="channel"),
            Column(("状态", "State"), "state", words="delivery"),
            Column(("尝试次数", "Tries"), "tries"),
            Column(("原因", "Trouble"), "trouble", width=50),
            Column(("产生时间", "At"), "at", width=20),
            Column(("下次重试", "Next try"), "next_try_at", width=20),
            Column(("结束时间", "Ended at"), "ended_at", width=20),
        ),
    ),
    "floor-unanswered": Exported(
        ("待回复的客户", "Customers who wait for a word"),
        "/api/v1/supervision",
        (
            CUSTOMER,
            COMPANY,
            TIER,
            Column(("级别", "Level"), "level", width=8),
            Column(("客服", "Agent"), "owner", "who"),
            GROUP,
            Column(("最后一句", "Last words"), "last_text", width=50),
            Column(("从何时起等待", "Waits since"), "since", width=20),
            Column(("约定时间", "Promised for"), "held_until", width=20),
            Column(("情绪变差", "Soured"), "soured"),
            CONVERSATION,
        ),
        within="unanswered",
    ),
    "floor-agents": Exported(
        ("客服现况", "Agents now"),
        "/api/v1/supervision",
        (
            Column(("姓名", "Name"), "name"),
            Column(("工号", "Staff number"), "staff_number"),
            Column(("技能组", "Groups"), "groups", "list", width=28),
            Column(("状态", "Status"), "status", words="presence"),
            Column(("页面在线", "Page is there"), "is_there"),
            Column(("接新会话", "Takes new ones"), "accepting"),
            Column(("状态起始", "Since"), "since", width=20),
            Column(("接待上限", "Capacity"), "capacity"),
            Column(("接待中", "Load"), "load"),
            Column(("待回复", "Unanswered"), "unanswered"),
            Column(("最早待回复", "Oldest unanswered"), "unanswered_since", width=20),
        ),
        within="agents",
    ),
}
