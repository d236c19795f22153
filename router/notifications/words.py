"""What notices say: templates by kind and language, filled in; an unknown kind or a missing variable is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import opencc
import yaml

from router.notifications.kinds import KINDS

FOLDER = Path(__file__).with_name("templates")
LOCALES = ("zh-CN", "zh-TW", "en")
_PLACE = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_DAYS = {"zh-CN": "一二三四五六日", "zh-TW": "一二三四五六日"}
_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: Variables that are times: as ISO texts in the data, as words in a text.
TIMES = frozenset({"at", "until", "since"})
_LONGEST_TITLE = 120


class WordsMissing(Exception):
    """There are no words for this notice, or a variable that they need was not given."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message of a conversation that is told."""

    who: str
    by_customer: bool
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A notice in words. ``text`` has paragraphs parted by empty lines; nothing in it is escaped yet."""

    title: str
    text: str
    sms: str
    talk: tuple[Spoken, ...] = ()

    @property
    def whole(self) -> str:
        """The text with the talk below it."""
        spoken = "\n\n".join(f"{one.who}  {one.at}\n{one.text}" for one in self.talk)
        return f"{self.text}\n\n{spoken}" if spoken else self.text


class Words:
    """The templates of every language; ``brand`` is the vendor's name, times are those of ``zone``."""

    def __init__(self, brand: str, zone: ZoneInfo) -> None:
        self._brand = brand
        self._zone = zone

    def say(self, kind: str, locale: str, data: Mapping[str, Any]) -> Said:
        """Raises `WordsMissing`."""
        known = KINDS.get(kind)
        templates = _templates(locale_of(locale)).get(kind)
        if known is None or templates is None:
            raise WordsMissing(f"there are no words for {kind}")
        values = self.values(data, locale)
        missing = sorted(name for name in known.needs if not values.get(name))
        if missing:
            raise WordsMissing(f"{kind} lacks {', '.join(missing)}")
        title = " ".join(_filled(templates["title"], values).split())
        return Said(
            title=title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…",
            text=_paragraphs(_filled(templates["text"], values)),
            sms=" ".join(_filled(templates.get("sms", templates["title"]), values).split()),
            talk=tuple(self._spoken(line, locale) for line in data.get("talk") or ()),
        )

    def _spoken(self, line: Mapping[str, Any], locale: str) -> Spoken:
        """A line of `transcripts.talk` in words: 您, 小应（智能助手）, 小林（工号 8021）."""
        kind, at = str(line["kind"]), _time(line["at"])
        number = self.word("staff", locale, number=line["number"]) if line.get("number") else ""
        who = self.word(f"speaker.{kind}", locale, name=line.get("name") or "", number=number)
        files = (self.word("file", locale, name=name) for name in line.get("files") or ())
        return Spoken(
            who=who,
            by_customer=kind == "customer",
            at="" if at is None else self._when(at, locale_of(locale)),
            text="\n".join(part for part in (str(line["text"]), *files) if part),
        )

    def word(self, key: str, locale: str, /, **values: object) -> str:
        """One of the words around notices; empty where there is none."""
        template = _templates(locale_of(locale))["_words"].get(key, "")
        return _filled(template, {"brand": self._brand, **{name: str(value) for name, value in values.items()}})

    def trouble(self, recorded: str | None, locale: str) -> str:
        """Why something could not be sent, in the reader's language; what is not known stays as it was recorded."""
        if not recorded:
            return ""
        for pattern, template in _templates(locale_of(locale))["_trouble"].items():
            found = re.fullmatch(re.escape(pattern).replace(r"\*", "(.+?)"), recorded)
            if found:
                return template.replace("{n}", found[1] if found.groups() else "")
        return recorded

    def troubles(self) -> dict[str, tuple[str, str]]:
        """What alerts about sending may say, by code, in Chinese and English."""
        chinese, english = _templates("zh-CN"), _templates("en")
        pairs = {
            code: (text, english["_words"][code])
            for code, text in chinese["_words"].items()
            if code.startswith("endpoint.")
        }
        for number, (recorded, text) in enumerate(chinese["_trouble"].items()):
            said = english["_trouble"].get(recorded, recorded.replace("*", "{n}"))
            pairs[f"trouble.{number}"] = (text, said if "{n}" in text else re.sub(r" ?\(\{n\}\)|\{n\} ?", "", said))
        return pairs

    def values(self, data: Mapping[str, Any], locale: str) -> dict[str, str]:
        """The variables as texts; times in words, and what is made of others."""
        locale = locale_of(locale)
        values = {"brand": self._brand}
        for name, value in data.items():
            if value is None or isinstance(value, list):
                continue
            if name in TIMES and (at := _time(value)) is not None:
                values[name] = self._when(at, locale)
                values[f"{name}_time"] = _hour(at.astimezone(self._zone))
            else:
                values[name] = str(value)
        if "status" in values:
            values["status_name"] = self.word(f"status.{values['status']}", locale) or values["status"]
        if "trouble" in values:
            values["trouble"] = self.trouble(values["trouble"], locale)
        if "endpoint" in values:
            channel, _, name = values["endpoint"].partition(":")
            named = self.word(f"endpoint.{channel}", locale, name=values.get("label") or name)
            values["endpoint_name"] = named or values["endpoint"]
        return values

    def _when(self, at: datetime, locale: str) -> str:
        """11月23日（周一）10:00"""
        local = at.astimezone(self._zone)
        if locale == "en":
            return f"{_ENGLISH_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}, {_hour(local)}"
        week = "週" if locale == "zh-TW" else "周"
        return f"{local.month}月{local.day}日（{week}{_DAYS[locale][local.weekday()]}）{_hour(local)}"


def _hour(at: datetime) -> str:
    return f"{at.hour}:{at:%M}"


def locale_of(locale: str | None) -> str:
    """The language of ours that somebody with this locale reads: Chinese of either script, else English."""
    text = (locale or "zh-CN").replace("_", "-").lower()
    if text.startswith("zh"):
        return "zh-TW" if any(part in text for part in ("-tw", "-hk", "-mo", "hant")) else "zh-CN"
    return "en"


def variables_of(template: str) -> set[str]:
    """The names that a template uses."""
    return set(_PLACE.findall(template))


@cache
def _templates(locale: str) -> dict[str, dict[str, str]]:
    if locale == "zh-TW":  # the same words in the other script
        convert = opencc.OpenCC("s2twp").convert
        return {
            kind: {part: convert(text) for part, text in templates.items()}
            for kind, templates in _templates("zh-CN").items()
        }
    loaded: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / f"{locale}.yaml").read_text(encoding="utf-8"))
    return loaded


def _filled(template: str, values: Mapping[str, str]) -> str:
    """One pass over the template, so that braces and brackets in a value stay what they are."""
    kept = _OPTIONAL.sub(
        lambda part: part[1] if all(values.get(name) for name in variables_of(part[1])) else "", template
    )
    return _PLACE.sub(lambda place: values.get(place[1], ""), kept)


def _paragraphs(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.strip().splitlines()))


def _time(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
