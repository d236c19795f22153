"""The fields of an article as files write them, and their checking: refuses what cannot be stored or shown as meant."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar, get_args

import msgspec

from kb_index.reading.records import RawEntry
from kb_index.records import FIRST_YEAR, LAST_YEAR, Article, Status, Visibility

LONGEST_QUESTION = 500  # code points, also of a variant
LONGEST_ANSWER = 20_000
LONGEST_NAME = 200  # ids, categories, tags and other names
MOST_VARIANTS = 500

_Value = TypeVar("_Value")
_NONE: tuple[str, ...] = ()
_ALIASES = {"q": "question", "a": "answer", "indexes": "variants", "index": "variants"}
_NAMES = {
    "id", "question", "variants", "answer", "category", "tags", "locale", "site",
    "status", "visibility", "audience", "editions", "valid_from", "valid_to", "answer_at",
}  # fmt: skip
_LOCALE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_ID = re.compile(r"^[^\s/\\\"'`]+$")
_BETWEEN_VARIANTS = re.compile(r"[\n|｜;；]")
_BETWEEN_NAMES = re.compile(r"[\n|｜;；,，、]")


class _Wrong(Exception):
    """A field that cannot be taken as written."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def known_name(written: str) -> str | None:
    """The field a column or key stands for; None for one we do not know (it is left alone)."""
    name = written.strip().lstrip("\ufeff").lower().replace(" ", "_")
    name = _ALIASES.get(name, name)
    return name if name in _NAMES else None


def derived_id(question: str) -> str:
    """The id of an article whose file gives none: it lasts as long as the question is worded the same."""
    return "q-" + hashlib.sha256(question.encode()).hexdigest()[:12]


def stated_id(entry: RawEntry) -> str | None:
    """The entry's id as far as it can be told, also of a faulty entry."""
    written = entry.fields.get("id")
    if isinstance(written, str | int) and str(written).strip():
        return str(written).strip()
    question = entry.fields.get("question")
    return derived_id(question.strip()) if isinstance(question, str) and question.strip() else None


def check(entry: RawEntry, zone_offset: timedelta) -> tuple[Article | None, list[tuple[int, str]]]:
    """The article, or every fault of the entry with its line. Dates without a time are whole days at `zone_offset`."""
    faults: list[_Wrong] = []

    def taken(read: Callable[[], _Value], otherwise: _Value) -> _Value:
        try:
            return read()
        except _Wrong as wrong:
            faults.append(wrong)
            return otherwise

    fields = entry.fields
    question = taken(lambda: _text(fields, "question", LONGEST_QUESTION, needed=True, one_line=True), None) or ""
    answer = taken(lambda: _text(fields, "answer", LONGEST_ANSWER, needed=True), None) or ""
    article_id = taken(lambda: _article_id(fields), None)
    variants = taken(lambda: _variants(fields, question), _NONE)
    category = taken(lambda: _text(fields, "category", LONGEST_NAME, one_line=True), None)
    tags = taken(lambda: _names(fields, "tags"), _NONE)
    locale = taken(lambda: _locale(fields), "zh-CN")
    site = taken(lambda: _text(fields, "site", LONGEST_NAME, one_line=True), None)
    status = taken(lambda: _choice(fields, "status", get_args(Status), "published"), "published")
    visibility = taken(lambda: _choice(fields, "visibility", get_args(Visibility), "public"), "public")
    audience = taken(lambda: _names(fields, "audience"), _NONE)
    editions = taken(lambda: _names(fields, "editions"), _NONE)
    valid_from = taken(lambda: _moment(fields, "valid_from", zone_offset, last_day=False), None)
    valid_to = taken(lambda: _moment(fields, "valid_to", zone_offset, last_day=True), None)
    if valid_from and valid_to and valid_from >= valid_to:
        faults.append(_Wrong("valid_to", "`valid_to` is not after `valid_from`"))
    answer_at = taken(lambda: _probability(fields, "answer_at"), None)
    if faults:
        return None, [(entry.lines.get(fault.name, entry.line), str(fault)) for fault in faults]
    return Article(
        id=article_id or derived_id(question), question=question, answer=answer, variants=variants,
        category=category, tags=tags, locale=locale, site=site,
        status=status, visibility=visibility,  # type: ignore[arg-type]  # checked against the very type
        audience=audience, editions=editions, valid_from=valid_from, valid_to=valid_to,
        answer_at=answer_at,
    ), []  # fmt: skip


def _text(
    fields: Mapping[str, object], name: str, longest: int, *, needed: bool = False, one_line: bool = False
) -> str | None:
    value = fields.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        if needed:
            raise _Wrong(name, f"`{name}` is {'missing' if value is None else 'empty'}")
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Wrong(name, f"`{name}` must be a text")
    return _sound(name, str(value), longest, one_line=one_line)


def _sound(name: str, value: str, longest: int, *, one_line: bool) -> str:
    text = " ".join(value.split()) if one_line else value.strip("\n").rstrip()
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise _Wrong(name, f"`{name}` contains a character that cannot be stored")
    if len(text) > longest:
        raise _Wrong(name, f"`{name}` is too long: {len(text)} characters, at most {longest}")
    return text


def _article_id(fields: Mapping[str, object]) -> str | None:
    article_id = _text(fields, "id", LONGEST_NAME)
    if article_id is None:
        if isinstance(fields.get("id"), str):
            raise _Wrong("id", "`id` is empty")
        return None
    article_id = article_id.strip()
    if not _ID.match(article_id) or not article_id.isprintable():
        raise _Wrong("id", f"`id` may not contain spaces, quotes or slashes: {article_id!r}")
    return article_id


def _list(fields: Mapping[str, object], name: str, between: re.Pattern[str]) -> list[str]:
    value = fields.get(name)
    if isinstance(value, str) and value.lstrip().startswith("["):
        with suppress(msgspec.DecodeError, UnicodeEncodeError):  # a text may happen to begin with a bracket
            value = msgspec.json.decode(value)
    if value is None:
        return []
    if isinstance(value, str):
        return [part for part in between.split(value) if part.strip()]
    if isinstance(value, list) and all(isinstance(p, str | int | float) and not isinstance(p, bool) for p in value):
        return [str(part) for part in value if str(part).strip()]
    raise _Wrong(name, f"`{name}` must be a list of texts")


def _variants(fields: Mapping[str, object], question: str) -> tuple[str, ...]:
    texts = [
        _sound("variants", text, LONGEST_QUESTION, one_line=True)
        for text in _list(fields, "variants", _BETWEEN_VARIANTS)
    ]
    if len(texts) > MOST_VARIANTS:
        raise _Wrong("variants", f"there are {len(texts)} variants, at most {MOST_VARIANTS}")
    return tuple(text for text in dict.fromkeys(texts) if text != question)


def _names(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(_sound(name, text, LONGEST_NAME, one_line=True) for text in _list(fields, name, _BETWEEN_NAMES))
    )


def _locale(fields: Mapping[str, object]) -> str:
    locale = (_text(fields, "locale", 35) or "zh-CN").replace("_", "-")
    if not _LOCALE.match(locale):
        raise _Wrong("locale", f"`locale` is not a language tag like zh-CN or en: {locale!r}")
    return locale


def _choice(fields: Mapping[str, object], name: str, known: tuple[str, ...], default: str) -> str:
    value = _text(fields, name, LONGEST_NAME)
    if value is None:
        return default
    if value.strip() not in known:
        raise _Wrong(name, f"`{name}` is {value!r}, must be one of {', '.join(known)}")
    return value.strip()


def _moment(fields: Mapping[str, object], name: str, zone_offset: timedelta, *, last_day: bool) -> datetime | None:
    """`2026-11-22` or RFC 3339; a last day counts whole, so its end is the next day's first moment."""
    written = _text(fields, name, LONGEST_NAME)
    if written is None:
        return None
    written = written.strip().replace("/", "-")
    try:
        if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", written):
            year, month, day = map(int, written.split("-"))
            start = datetime(year, month, day, tzinfo=UTC) - zone_offset
            return _told(name, start + timedelta(days=1) if last_day else start)
        moment = datetime.fromisoformat(written)
        return _told(name, moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC) - zone_offset)
    except (ValueError, OverflowError):
        raise _Wrong(name, f"`{name}` is not a date like {date(2026, 11, 22)}: {written!r}") from None


def _probability(fields: Mapping[str, object], name: str) -> float | None:
    """`0.9` or `90%`."""
    written = _text(fields, name, LONGEST_NAME)
    if written is None:
        return None
    try:
        number = float(written.strip().rstrip("%％"))
    except ValueError:
        number = math.nan
    chance = number / 100 if written.strip().endswith(("%", "％")) else number
    if not 0 <= chance <= 1:
        raise _Wrong(name, f"`{name}` is not a probability from 0 to 1: {written!r}")
    return chance


def _told(name: str, moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _Wrong(name, f"`{name}` is not in the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment
