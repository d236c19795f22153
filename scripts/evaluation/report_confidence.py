"""The page's part on confidence: whether it can be believed, and what another threshold would give."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.evaluation.asking import Asked
from scripts.evaluation.charts import reliability_chart, trade_chart
from scripts.evaluation.html import Both, Cell, Html, paragraph, percent, section, span, table, tag, text
from scripts.evaluation.measuring import Figures, confidences, first_is_right, interval_of, share_of
from scripts.evaluation.trades import THRESHOLDS, Trade, Trades
from scripts.metrics import reliability


def confidence(asked: Sequence[Asked], figures: Figures) -> Html:
    """The reliability diagram and what it means."""
    bins = reliability(confidences(asked), first_is_right(asked))
    rows: list[list[Cell]] = [
        [f"{one.low:.0%} – {one.high:.0%}", one.count, percent(one.confidence), percent(one.right)] for one in bins
    ]
    headers = [
        Both("说的把握", "confidence"),
        Both("问题", "questions"),
        Both("平均把握", "mean"),
        Both("实际答对", "right"),
    ]
    error = percent(share_of(figures, "calibration_error"), 1)
    likely = span(interval_of(figures, "calibration_error"), 1)
    told = Both(
        f"它说“八成把握”时，应该十次对八次。平均相差 {error}（期望校准误差，换一批同类问题多半在 {likely} 之间）；"
        "5% 以内可以放心按把握设阈值。点在虚线下面是过于自信，在上面是过于谨慎。",
        f"Where it is 80 % sure it should be right eight times in ten. It is off by {error} on average (expected "
        f"calibration error; other questions of the kind: mostly {likely}); up to 5 % thresholds can be set by it. "
        "Dots below the dashed line are too sure, dots above too careful.",
    )
    chart = tag(
        "div",
        reliability_chart(bins),
        table(Both("同一张图的数字", "The chart in numbers"), headers, rows),
        cls="figures",
    )
    return section("confidence", Both("它的把握可信吗", "Can its confidence be believed?"), paragraph(told), chart)


def thresholds(trades: Trades, now: float) -> Html:
    """What the present threshold and others give."""
    rows = [_trade_row(trades.at(threshold), threshold == now) for threshold in sorted({*THRESHOLDS, now})]
    headers = [
        Both("阈值", "threshold"),
        Both("直接回答", "answered"),
        Both("答对", "right"),
        Both("回答里对的", "answers right"),
        Both("给错文章", "wrong article"),
        Both("不该答却答了", "should not be answered"),
    ]
    told = Both(
        f"把握达到阈值才直接回答（config.yaml 的 bot.answer_at，现在是 {now:g}）。调低：多答一些，也多错一些；"
        "调高：少答，其余的给选项、追问或转人工。下表是同一批问题换一个阈值会得到的结果，其余规则不变。",
        f"The bot answers where its confidence reaches the threshold (bot.answer_at in config.yaml, now {now:g}). "
        "Lower: more is answered, more is wrong. Higher: less is answered; the rest is offered, asked back or handed "
        "over. The table tells what the same questions would get, all other rules unchanged.",
    )
    present = trades.at(now)
    here = (present.answered_share, 1 - present.precision) if present.precision is not None else None
    chart = tag(
        "div",
        trade_chart(trades.curve(), here),
        table(Both("换一个阈值会怎样；粗体是现在的", "What a threshold gives; bold: the present one"), headers, rows),
        cls="figures",
    )
    return section("thresholds", Both("调高调低会怎样", "What would another threshold do?"), paragraph(told), chart)


def _trade_row(trade: Trade, present: bool) -> list[Cell]:
    shown = text(f"{trade.threshold:.2f}")
    return [
        tag("mark", shown) if present else shown,
        percent(trade.answered_share),
        trade.right,
        percent(trade.precision, 1),
        trade.wrong_inside,
        trade.wrong_outside,
    ]
