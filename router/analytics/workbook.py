"""The dashboard as a workbook: each part a sheet, every share with what it is a share of."""

from __future__ import annotations

from typing import IO
from zoneinfo import ZoneInfo

from router.analytics.records import Dashboard, Figure, Slices, Value
from router.exports.sheets import Book, Cell, Heading
from router.exports.words import NAMES, Both, Locale, said

_FIGURES: dict[str, Both] = {
    "conversations": ("会话", "Conversations"),
    "waiting": ("现在排队", "Waiting now"),
    "bot_resolved": ("机器人解决", "Resolved by the bot"),
    "bot_in_time": ("机器人及时解决", "Resolved by the bot in time"),
    "handed_off": ("转人工", "Handed off"),
    "replied_in_target": ("按时首响", "Replied in time"),
    "fcr": ("一次解决率（FCR）", "First-contact resolution"),
    "csat_answered": ("评价率", "Ratings given"),
    "csat_good": ("好评率（4–5 分）", "Good ratings (4–5)"),
    "promises_kept": ("承诺兑现", "Promises kept"),
    "first_reply_median": ("人工首响中位数（秒）", "First human reply, median (s)"),
    "first_reply_p90": ("人工首响 P90（秒）", "First human reply, P90 (s)"),
    "first_reply_mean": ("人工首响平均（秒）", "First human reply, mean (s)"),
    "resolution_median": ("解决时长中位数（秒）", "Time to resolve, median (s)"),
    "resolution_p90": ("解决时长 P90（秒）", "Time to resolve, P90 (s)"),
    "resolution_mean": ("解决时长平均（秒）", "Time to resolve, mean (s)"),
    "csat": ("满意度（CSAT）", "Satisfaction (CSAT)"),
    "nps": ("净推荐值（NPS）", "Net promoter score"),
}
_CLOCKS: dict[str, Both] = {
    "first_reply": ("首次响应", "first reply"), "next_reply": ("后续回复", "next reply"),
    "resolution": ("解决时限", "resolution"),
}  # fmt: skip
_SHEETS: dict[str, Both] = {
    "figures": ("总览", "Overview"), "parts": ("趋势", "Over time"), "reasons": ("转人工的原因", "Why handed off"),
    "articles": ("热门问题", "Top questions"), "categories": ("问题分类", "Top categories"),
    "questions": ("没有答案的问题", "Without an answer"), "targets": ("服务时限", "Promised times"),
    "agents": ("客服", "Colleagues"),
}  # fmt: skip


class Writer:
    """One dashboard in one language."""

    def __init__(self, found: Dashboard, locale: Locale) -> None:
        self._found = found
        self._locale = locale
        self._book = Book(ZoneInfo(found.timezone))

    def write(self) -> IO[bytes]:
        """The finished file, at its beginning."""
        found = self._found
        self._figures()
        self._parts()
        for name, slices in (
            ("reasons", found.reasons),
            ("articles", found.articles),
            ("categories", found.categories),
        ):
            self._slices(name, slices)
        self._sheet(
            "questions", (("问题", "Question"), 60), (("次数", "Times"), 10), (("最近一次", "Last asked"), 20)
        ).rows_of([(one.question, one.times, one.last_at) for one in found.unanswered])
        self._sheet(
            "targets", (("级别", "Level"), 10), (("时限", "Clock"), 14), (("目标（秒）", "Target (s)"), 14),
            (("实际中位数（秒）", "Median (s)"), 18), (("按时", "In time"), 10), (("应完成", "Due"), 10),
        ).rows_of(
            [
                (one.level, self._word(_CLOCKS[one.kind]), one.target_seconds, one.median_seconds, one.kept, one.due)
                for one in found.targets
            ]
        )  # fmt: skip
        self._sheet(
            "agents", (("姓名", "Name"), 16), (("工号", "Number"), 10), (("接待会话", "Conversations"), 14),
            (("人工首响中位数（秒）", "First reply, median (s)"), 22), (("满意度", "CSAT"), 10),
            (("评价数", "Ratings"), 10), (("按时兑现", "Promises kept"), 14), (("承诺", "Promises"), 10),
        ).rows_of(
            [
                (one.name, one.staff_number, one.conversations, one.first_reply_median, one.csat, one.csat_count,
                 one.promises_kept, one.promises)
                for one in found.agents
            ]
        )  # fmt: skip
        return self._book.finish()

    def _figures(self) -> None:
        found = self._found
        headings = (
            Heading(self._word(("指标", "Figure")), 34),
            Heading(self._word(("数值", "Value")), 14),
            Heading(self._word(("其中", "Counted")), 12),
            Heading(self._word(("总数", "Of")), 12),
            Heading(self._word(("之前一段时间", "Period before")), 16),
        )
        sheet = self._book.sheet(self._word(_SHEETS["figures"]), headings)
        sheet.add((self._word(("时间范围", "Period")), f"{found.since} – {found.until}", None, None, None))
        sheet.add((self._word(("时区", "Time zone")), found.timezone, None, None, None))
        sheet.add((self._word(("导出时间", "Exported at")), found.at, None, None, None))
        for figure in found.figures:
            name = self._word(_FIGURES[figure.name])
            of = figure.now.of if figure.of_list else None
            sheet.add((name, _value(figure, figure.now), figure.now.counted, of, _value(figure, figure.before)))

    def _parts(self) -> None:
        self._sheet(
            "parts", (("开始", "Begins"), 18), (("会话", "Conversations"), 14), (("机器人接待", "Bot alone"), 14),
            (("转人工", "Handed off"), 14), (("机器人解决", "Resolved by the bot"), 20),
            (("已有结论", "Decided"), 12), (("人工首响中位数（秒）", "First reply, median (s)"), 22),
        ).rows_of(
            [
                (one.label.replace("T", " "), one.counts["all"], one.counts["bot_only"], one.counts["handed_off"],
                 one.counts["bot_resolved"], one.counts["bot_decided"], one.first_reply_median)
                for one in self._found.parts
            ]
        )  # fmt: skip

    def _slices(self, name: str, slices: Slices) -> None:
        rows: list[tuple[Cell, ...]] = [
            (self._word(NAMES["reason"][one.name]) if name == "reasons" else one.label, one.counted,
             one.counted / slices.of if slices.of else None, one.before)
            for one in slices.items
        ]  # fmt: skip
        titles = (
            (_SHEETS[name], 44), (("数量", "Count"), 10), (("占比", "Share"), 10),
            (("之前一段时间", "Period before"), 16),
        )  # fmt: skip
        self._sheet(name, *titles, shares=(2,)).rows_of(rows)

    def _sheet(self, name: str, *titles: tuple[Both, int], shares: tuple[int, ...] = ()) -> _Rows:
        headings = [
            Heading(self._word(title), width, "share" if at in shares else "plain")
            for at, (title, width) in enumerate(titles)
        ]
        return _Rows(self._book, self._word(_SHEETS[name]), headings)

    def _word(self, both: Both) -> str:
        return said(both, self._locale)


class _Rows:
    def __init__(self, book: Book, name: str, headings: list[Heading]) -> None:
        self._sheet = book.sheet(name, headings)

    def rows_of(self, rows: list[tuple[Cell, ...]]) -> None:
        for row in rows:
            self._sheet.add(row)


def _value(figure: Figure, found: Value) -> Cell:
    if found.value is None:
        return "–"
    return f"{100 * found.value:.1f}%" if figure.unit == "share" else round(found.value, 2)
