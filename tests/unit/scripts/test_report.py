"""The editors' page: safe whatever customers wrote, whole without anything else, and true to what was asked."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from bot.settings import BotSettings
from scripts.evaluation.asking import Asked
from scripts.evaluation.html import Both, Html, page, quoted, table, tag, text
from scripts.evaluation.measuring import measure
from scripts.evaluation.report import Material, report
from scripts.evaluation.trades import Trades, without_threshold
from tests.unit.scripts.asked import asked

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><svg onload=alert(1)>",
    "\u202eright to left\u0000",
    "lone \ud800 surrogate",
    "<b>怎么导出</b>",
]


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its visible text."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def made(inside: list[Asked], outside: list[Asked], eager: list[Asked] | None = None) -> str:
    return report(
        Material(
            inside, outside, eager or [*inside, *outside], [], measure(inside, outside),
            {"导出": "怎么导出", "<i>打印</i>": "<script>怎么打印</script>"}, {}, BotSettings(), "<encoder>",
            datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        )
    )  # fmt: skip


@pytest.fixture
def hostile() -> str:
    inside = [asked(one, "导出", ["<i>打印</i>", "导出"], 0.9, style=one, language=one) for one in HOSTILE]
    inside += [asked(one, "导出", ["<i>打印</i>"], 0.1, "ask") for one in HOSTILE]
    return made(inside, [asked(one, None, ["<i>打印</i>"], 0.8, language=one) for one in HOSTILE])


def test_what_people_wrote_is_text_and_nothing_else(hostile: str) -> None:
    found = Elements(hostile)
    assert found.open == []
    names = {name for name, _ in found.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "i", "encoder"}
    for _, attributes in found.tags:
        assert not any(name.startswith("on") or name in ("style", "src") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert len(found.named("style")) == 1
    for said in ("<script>alert(1)</script>", "</style><svg onload=alert(1)>", "<script>怎么打印</script>"):
        assert said in found.words
    assert "\u202e" not in hostile
    assert "\u0000" not in hostile


def test_the_page_needs_nothing_and_lets_nothing_in(hostile: str) -> None:
    found = Elements(hostile)
    policy = next(one["content"] for one in found.named("meta") if one.get("http-equiv") == "Content-Security-Policy")
    style = hostile[hostile.index("<style>") + 7 : hostile.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy is not None
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?://|url\(|@import", hostile)


def test_every_word_is_there_in_both_languages_and_every_chart_has_a_name(hostile: str) -> None:
    found = Elements(hostile)
    languages = [one.get("lang") for name, one in found.tags if name in ("span", "p") and one.get("lang")]
    assert languages.count("zh-CN") == languages.count("en") > 50
    for chart in found.named("svg"):
        assert chart.get("aria-label") or chart.get("aria-hidden")
    assert len(found.named("caption")) == len(found.named("table"))


def test_the_page_says_what_became_of_the_questions() -> None:
    inside = [asked(f"问{n}", "导出", ["导出"], 0.9) for n in range(6)]
    inside += [asked("错", "导出", ["打印", "导出"], 0.8), asked("选", "导出", ["打印", "导出"], 0.4, "offer")]
    inside += [asked("漏", "导出", ["打印"], 0.1, "ask"), asked("人", "导出", ["导出"], 0.3, "handoff")]
    said = Elements(made(inside, [asked("闲", None, ["导出"], 0.75), asked("外", None, ["导出"], 0.1, "ask")]))
    whole = "".join(said.words)
    assert "10 个文章里有答案的问题和 2 个没有答案的问题" in whole
    assert "它直接回答了 8 个，其中 75% 是对的；答错 2 个" in whole
    assert "给错文章 1 个，不该答却答了 1 个" in whole
    lists = whole[whole.index("答错了（最有把握的在前）：1 个") :]
    assert lists.index("错80%") < lists.index("闲75%") < lists.index("漏10%")


def test_a_threshold_is_traded_as_the_policy_would() -> None:
    eager = [
        asked("a", "导出", ["导出"], 0.9),
        asked("b", "导出", ["打印"], 0.6),
        asked("c", "导出", ["导出"], 0.5, answer_at=0.4),  # the article's own threshold goes before
        asked("d", "导出", ["导出"], 0.99, "handoff"),  # other rules keep it from being answered
        asked("e", None, ["导出"], 0.3),
    ]
    trades = Trades(eager)
    high, low = trades.at(0.7), trades.at(0.2)
    assert (high.right, high.wrong_inside, high.wrong_outside, high.precision) == (2, 0, 0, 1)
    assert (low.right, low.wrong_inside, low.wrong_outside, low.precision) == (2, 1, 1, 0.5)
    assert low.answered_share == 0.75
    assert trades.at(0.6).wrong == 1  # at the threshold it is answered
    assert [share for share, _ in trades.curve()] == sorted(share for share, _ in trades.curve())
    assert without_threshold(BotSettings()).answer_at == 0


def test_markup_comes_only_from_ours() -> None:
    assert table("题", ["a", "b"], [["<b>", quoted("<i>")]]).count("<b>") == 0
    assert text("<a>") == Html("&lt;a&gt;")
    for attribute in ("onclick", "style", "src"):
        with pytest.raises(ValueError, match=attribute):
            tag("div", **{attribute: "x"})
    with pytest.raises(ValueError, match="href"):
        tag("a", href="javascript:alert(1)")
    assert page(Both("一", "one")).startswith("<!doctype html>")
