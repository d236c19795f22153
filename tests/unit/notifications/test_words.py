"""Every kind of notice has words in every language, and none of them asks for a variable that nobody gives."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from router.notifications.kinds import EVENT_TYPES, KINDS, matches
from router.notifications.words import FOLDER, LOCALES, TIMES, Words, WordsMissing, locale_of, variables_of

ROOT = Path(__file__).parents[3]
WORDS = Words("金石", ZoneInfo("Asia/Shanghai"))
TOLD = sorted(kind.name for kind in KINDS.values() if kind.audience != "integrators")
#: Made of others by the words themselves, or by who renders.
DERIVED = {"brand", "link", "owner_name", "status_name", "endpoint_name", *(f"{name}_time" for name in TIMES)}
AT = "2026-11-24T02:00:00+00:00"


TALK = [{"kind": "agent", "name": "⟨name⟩", "number": "8021", "at": AT, "text": "⟨text⟩", "files": ["⟨file⟩"]}]


def given(kind: str, *, everything: bool) -> dict[str, object]:
    known = KINDS[kind]
    names = (known.needs | known.may | {"link", "owner_name", "endpoint_name"}) if everything else known.needs
    return {name: AT if name in TIMES else TALK if name == "talk" else f"⟨{name}⟩" for name in names}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", TOLD)
def test_every_kind_can_be_told_with_all_it_may_bring_and_with_the_least(kind: str, locale: str) -> None:
    for everything in (True, False):
        said = WORDS.say(kind, locale, given(kind, everything=everything))
        for text in (said.title, said.sms):
            assert text
        for text in (said.title, said.whole, said.sms):
            assert not re.search(r"[{}]|\[\[|\]\]", text)
            assert "（）" not in text
            assert "()" not in text


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_templates_use_no_variable_that_their_kind_does_not_bring(locale: str) -> None:
    templates = yaml.safe_load((FOLDER / f"{locale}.yaml").read_text(encoding="utf-8"))
    for name in ("_words", "_trouble"):
        templates.pop(name)
    assert sorted(templates) == TOLD
    for kind, parts in templates.items():
        for template in parts.values():
            required = re.sub(r"\[\[.*?\]\]", "", template, flags=re.DOTALL)
            assert variables_of(required) <= KINDS[kind].needs | {"endpoint_name", "status_name"}, (kind, template)
            assert variables_of(template) <= KINDS[kind].needs | KINDS[kind].may | DERIVED, (kind, template)


def test_a_customer_who_can_be_sent_an_sms_has_words_for_one() -> None:
    templates = yaml.safe_load((FOLDER / "zh-CN.yaml").read_text(encoding="utf-8"))
    for kind in KINDS.values():
        if kind.audience == "customer" or "sms" in kind.channels:
            assert "sms" in templates[kind.name], kind.name


def test_operators_and_integrators_can_look_up_every_kind() -> None:
    for page, kinds in (("operators", [kind for kind in TOLD if kind != "test"]), ("integrators", EVENT_TYPES)):
        text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
        assert [kind for kind in kinds if f"`{kind}`" not in text] == []


def test_chinese_words_hold_no_english_and_english_ones_no_chinese() -> None:
    chinese = (FOLDER / "zh-CN.yaml").read_text(encoding="utf-8")
    english = (FOLDER / "en.yaml").read_text(encoding="utf-8")
    for kind, parts in yaml.safe_load(chinese).items():
        for name, text in parts.items():
            assert text, (kind, name)
            assert not re.search(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}|\\n", "", text)), (kind, name)
    assert not re.search(r"[\u4e00-\u9fff]", english)


def test_a_missing_variable_or_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(WordsMissing, match="ticket_solved lacks ticket"):
        WORDS.say("ticket_solved", "zh-CN", {"title": "导出"})
    with pytest.raises(WordsMissing, match="no_such_kind"):
        WORDS.say("no_such_kind", "zh-CN", {})


def test_what_a_variable_holds_is_never_a_template() -> None:
    said = WORDS.say(
        "ticket_updated", "zh-CN", {"ticket": "GD1", "text": "{brand} [[{ticket}]]", "title": "a\r\nBcc: b"}
    )
    assert "{brand} [[{ticket}]]" in said.text
    assert "\n" not in said.title


def test_times_are_told_in_the_readers_language_and_the_desks_zone() -> None:
    data = {"at": AT, "until": "2026-11-24T02:30:00+00:00", "topic": "发票"}
    assert WORDS.say("callback_booked", "zh-CN", data).title == "已为您预约 11月24日（周二）10:00 回电"
    assert "11月24日（周二）10:00–10:30" in WORDS.say("callback_booked", "zh-CN", data).sms
    assert "已為您預約 11月24日（週二）10:00" in WORDS.say("callback_booked", "zh-TW", data).text
    assert WORDS.say("callback_booked", "en", data).title == "We will call you on Tue 24 Nov, 10:00"


def test_every_reason_that_is_recorded_has_chinese_words() -> None:
    texts = set()
    for path in (ROOT / "router" / "notifications").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("Failed", "Refused") and call.args:
                told = call.args[0]
                if isinstance(told, ast.JoinedStr):
                    texts.add("".join(str(p.value) if isinstance(p, ast.Constant) else "7" for p in told.values))
                elif isinstance(told, ast.Constant):
                    texts.add(str(told.value))
    assert len(texts) > 15
    for text in texts:
        assert not re.search(r"[a-z]{3}", WORDS.trouble(text, "zh-CN").replace("JSON", "")), text
        assert WORDS.trouble(text, "en") == text
    assert WORDS.trouble("the gateway answered 422", "zh-CN") == "短信网关返回 422"
    assert WORDS.trouble("ticket_solved lacks ticket", "zh-CN") == "通知缺少变量"
    assert WORDS.trouble("something else", "zh-CN") == "something else"


@pytest.mark.parametrize(
    ("locale", "ours"),
    [("zh", "zh-CN"), ("zh-Hant-HK", "zh-TW"), ("zh_TW", "zh-TW"), ("en-GB", "en"), ("ja", "en"), (None, "zh-CN")],
)
def test_everybody_reads_one_of_our_languages(locale: str | None, ours: str) -> None:
    assert locale_of(locale) == ours


def test_subscriptions_name_a_type_a_family_or_everything() -> None:
    assert matches("ticket.created", ["ticket.*"])
    assert matches("ticket.created", ["ticket.created"])
    assert matches("ticket.created", ["*"])
    assert not matches("ticket.created", ["tick.*", "ticket", "conversation.*"])


def test_every_notice_in_the_program_is_of_a_known_kind() -> None:
    """Kinds that are written as texts; an unknown one would be kept at run time, but told to nobody."""
    found = set()
    for path in (ROOT / "router").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Notice":
                named = [keyword.value for keyword in node.keywords if keyword.arg == "kind"] or node.args[:1]
                for value in named:
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        found.add(value.value)
                        assert value.value in KINDS, f"{path.relative_to(ROOT)}:{node.lineno}: {value.value}"
    assert EVENT_TYPES
