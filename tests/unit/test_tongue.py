"""In which language a customer is spoken to: theirs, whatever the page's is; what they paste does not count."""

from __future__ import annotations

import pytest

from router.conversations.tongue import said_in, spoken, with_vote


@pytest.mark.parametrize(
    ("text", "page", "language"),
    [
        ("How can I export the Gantt chart as a picture?", "zh-CN", "en"),
        ("¿Cómo puedo cambiar mi contraseña?", "zh-CN", "es"),
        ("ガントチャートを出力したいです", "zh-CN", "ja"),
        ("導出按鈕是灰的，點不了", "zh-CN", "zh-TW"),
        ("导出按钮是灰的", "en", "zh-CN"),
        ("OK", "zh-CN", None),
        ("502", "en", None),
        ("👍", "ja", None),
        ("TypeError: Cannot read property 'id' of undefined", "zh-CN", None),
        ("Upload failed: the file is too large for this plan", "zh-CN", None),
        ("导出时提示 Export failed: timeout", "zh-CN", "zh-CN"),
    ],
)
def test_a_message_tells_its_language_or_says_nothing(text: str, page: str, language: str | None) -> None:
    assert said_in(text, page) == language


def test_the_customers_language_goes_before_the_pages() -> None:
    assert spoken({"languages": ["en"]}, "zh-CN") == "en"
    assert spoken({"languages": ["zh-CN"]}, "en-GB") == "zh-CN"


def test_one_foreign_message_among_others_changes_nothing() -> None:
    assert spoken({"languages": ["zh-CN", "zh-CN", "en"]}, "zh-CN") == "zh-CN"
    assert spoken({"languages": ["zh-CN", "en", "en"]}, "zh-CN") == "en"


def test_where_they_disagree_the_newest_one_counts() -> None:
    assert spoken({"languages": ["zh-CN", "en"]}, "zh-CN") == "en"


def test_who_has_written_nothing_hears_the_language_of_the_page() -> None:
    assert spoken(None, "ja") == "ja"
    assert spoken({}, None) == "zh-CN"


def test_a_page_that_says_it_more_exactly_is_kept() -> None:
    assert spoken({"languages": ["en"]}, "en-GB") == "en-GB"


def test_only_the_newest_messages_have_a_vote() -> None:
    votes: list[str] = []
    for vote in ("zh-CN", "zh-CN", "en", "en", "en"):
        votes = with_vote(votes, vote)
    assert votes == ["en", "en", "en"]
