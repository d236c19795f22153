"""Charts as inline SVG in the page's own colours, light and dark; each stands beside a table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.evaluation.asking import FATES, Fate
from scripts.evaluation.html import Both, Html, Words, join, plain, tag, text, words
from scripts.metrics import Bin

_SIZE = 400.0  # of a square chart; its field begins at _LEFT and ends at _SIZE - _EDGE
_LEFT, _EDGE, _FOOT = 52.0, 14.0, 52.0
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)

FATE_WORDS: Mapping[Fate, Both] = {
    "right": Both("直接答对", "answered right"),
    "offered": Both("给了选项，对的在里面", "offered options, the right one among them"),
    "offered_without": Both("给了选项，对的不在里面", "offered options without the right one"),
    "asked_back": Both("请客户再说清楚", "asked back"),
    "handed_off": Both("转人工", "handed to a human"),
    "small_talk": Both("当作寒暄", "taken for small talk"),
    "wrong": Both("答错", "answered wrong"),
}


def reliability_chart(bins: Sequence[Bin]) -> Html:
    """Stated confidence against what was right; on the dashed line both agree. Larger dots hold more questions."""
    most = max((one.count for one in bins), default=1)
    points = [(_x(one.confidence), _y(one.right)) for one in bins]
    dots = [
        tag("circle", cls="dot", cx=x, cy=y, r=3.5 + 7 * (one.count / most) ** 0.5)
        for one, (x, y) in zip(bins, points, strict=True)
    ]
    return _square(
        Both("机器人说的把握，和实际答对的比例", "The bot's confidence and the share that was right"),
        Both("机器人说的把握", "stated confidence"),
        Both("实际答对", "right"),
        1.0,
        tag("path", cls="ideal", d=f"M{_x(0):g} {_y(0):g}L{_x(1):g} {_y(1):g}"),
        _line(points),
        *dots,
    )


def trade_chart(points: Sequence[tuple[float, float]], here: tuple[float, float] | None) -> Html:
    """Share of questions answered against the share of answers that are wrong; `here`: the present threshold."""
    top = _nice(max([wrong for _, wrong in points] + [here[1] if here else 0.0, 0.02]))
    shown = [(_x(answered), _y(min(wrong / top, 1.0))) for answered, wrong in points]
    marks = []
    if here is not None:
        x, y = _x(here[0]), _y(min(here[1] / top, 1.0))
        marks = [tag("circle", cls="here", cx=x, cy=y, r=7.0), _label(Both("现在", "now"), x - 8, y - 12, "end")]
    return _square(
        Both("答得越多，错得越多", "The more is answered, the more is wrong"),
        Both("该答的问题里直接回答的比例", "questions in scope that are answered"),
        Both("回答里错的比例", "answers that are wrong"),
        top,
        _line(shown),
        *marks,
    )


def fate_bar(counts: Mapping[Fate, int], title: Words) -> Html:
    """One bar cut by what became of the questions, and its key."""
    total = sum(counts.values()) or 1
    x, parts = 0.0, []
    for fate in FATES:
        width = 1000 * counts.get(fate, 0) / total
        if width:
            parts.append(tag("rect", cls=f"f-{fate}", x=round(x, 2), y=0.0, width=round(width, 2), height=44.0))
            x += width
    bar = tag("svg", *parts, viewBox="0 0 1000 44", role="img", aria_label=plain(title), preserveAspectRatio="none")
    key = [
        tag(
            "li",
            tag("svg", tag("rect", cls=f"f-{fate}", width=10.0, height=10.0), viewBox="0 0 10 10", aria_hidden="true"),
            words(FATE_WORDS[fate]),
            text(f" {counts[fate]:,} · {counts[fate] / total:.1%}"),
        )
        for fate in FATES
        if counts.get(fate)
    ]
    return tag("figure", bar, tag("ul", *key, cls="key"))


def _square(title: Both, across: Both, up: Both, top: float, *parts: Html) -> Html:
    frame: list[Html] = []
    for tick in _TICKS:
        y, x = _y(tick), _x(tick)
        frame.append(tag("path", cls="axis", d=f"M{_x(0):g} {y:g}H{_x(1):g}"))
        frame.append(tag("text", text(_percent(tick * top)), x=_LEFT - 7, y=y + 4, text_anchor="end"))
        anchor = "end" if tick == _TICKS[-1] else "middle"
        frame.append(tag("text", text(f"{tick:.0%}"), x=x, y=_y(0) + 19, text_anchor=anchor))
    middle = (_x(0) + _x(1)) / 2
    svg = tag(
        "svg",
        *frame,
        *parts,
        _label(across, middle, _SIZE - 8, "middle"),
        viewBox=f"0 0 {_SIZE:g} {_SIZE:g}",
        role="img",
        aria_label=plain(title),
    )
    side = Both(f"纵轴：{up.zh}；横轴：{across.zh}", f"Upwards: {up.en}; to the right: {across.en}")
    return tag("figure", svg, tag("figcaption", words(side)))


def _line(points: Sequence[tuple[float, float]]) -> Html:
    if not points:
        return join()
    return tag("path", cls="line", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points))


def _label(said: Both, x: float, y: float, anchor: str) -> Html:
    return join(
        tag("text", text(said.zh), cls="zh", lang="zh-CN", x=x, y=y, text_anchor=anchor),
        tag("text", text(said.en), cls="en", lang="en", x=x, y=y, text_anchor=anchor),
    )


def _x(share: float) -> float:
    return _LEFT + share * (_SIZE - _LEFT - _EDGE)


def _y(share: float) -> float:
    return _SIZE - _FOOT - share * (_SIZE - _FOOT - _EDGE)


def _percent(share: float) -> str:
    return f"{share:.0%}" if abs(share * 100 - round(share * 100)) < 0.01 else f"{share:.1%}"


def _nice(most: float) -> float:
    """The next round share above."""
    return next((step for step in (0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8) if step >= most), 1.0)
