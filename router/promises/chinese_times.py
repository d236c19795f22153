"""Words about times to come in Chinese: days, hours, spans and 下班前; what has passed (昨天, 上周五) is not one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

from router.promises.days import date_of, day_in_month, holiday_ahead, month_end, next_day_of_month, weekday_of
from router.promises.times import Part, Piece, last_working_day
from router.waiting.hours import Calendar

_N = "[一二两兩三四五六七八九十]{1,3}"
_MONTHS = "1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAYS = (
    "3[01]|[12][0-9]|0?[1-9]|三十一?|[二廿]十?[一二三四五六七八九]|二十|十[一二三四五六七八九]?|[一二三四五六七八九]"
)
_THEN = rf"(?:早上|早晨|上午|中午|下午|傍晚|晚上|早|晚)?(?:\s*(?:\d{{1,2}}|{_N}|一|十一)(?:[点點]半?|[:：]\d\d))?"
_NUMBER = rf"(?:\d{{1,3}}(?:\.\d)?|{_N}|半)"
_DIGITS = {"一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PARTS: dict[str, Part] = {
    "一早": "early", "早上": "early", "早晨": "early", "早": "early", "上午": "forenoon", "中午": "noon",
    "下午": "afternoon", "傍晚": "dusk", "晚上": "evening", "晚": "evening", "夜里": "evening",
}  # fmt: skip
_AHEAD = {"今": 0, "当": 0, "明": 1, "次": 1, "隔": 1, "后": 2, "後": 2, "大后": 3}
_UNITS = {"小时": 60.0, "小時": 60.0, "钟头": 60.0, "分钟": 1.0, "分鐘": 1.0, "刻钟": 15.0}
_VAGUE = {"分钟": timedelta(minutes=15), "小时": timedelta(hours=4), "天": timedelta(days=3)}
_NOT_HOURS = "建议|原因|问题|要求|注意|说明|意见|内容|需要|区别|希望|疑问|多"

Fields = dict[str, Any]
_Make = Callable[[re.Match[str], date, Calendar], Fields | None]


def pieces(text: str, today: date, calendar: Calendar) -> Iterator[Piece]:
    """What the text says about times, in the order of the text; `today` is the desk's day."""
    taken: list[tuple[int, int]] = []
    for pattern, make in _RULES:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            fields = make(match, today, calendar)
            taken.append(match.span())  # also where it means nothing to come: 上周五 is no 周五
            if fields is not None:
                yield Piece(start=match.start(), end=match.end(), **fields)


def number(text: str) -> float:
    """十二 → 12, 两 → 2, 半 → 0.5, 两三 → 3: of two in a row the greater is meant."""
    if text == "半":
        return 0.5
    if text[0].isdigit():
        return float(text)
    text = text.replace("廿", "二十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return _DIGITS[text[-1]]


def _is_range(text: str) -> bool:
    """两三点"""
    return len(text) > 1 and set(text) <= _DIGITS.keys()


def _nothing(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    return None


def _span(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    amount = number(match["n"]) + (0.5 if match["half"] else 0)
    return {"after": timedelta(minutes=amount * _UNITS[match["unit"]]), "is_vague": _is_range(match["n"])}


def _few(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    return {"after": _VAGUE[match["unit"]], "is_vague": True}


def _date(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    day = date_of(match["year"], int(number(match["month"])), int(number(match["day"])), today)
    return None if day is None else {"day": day}


def _day_of_month(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    day, relation = int(number(match["day"])), match["relation"]
    found = next_day_of_month(day, today) if not relation else day_in_month(day, relation.count("下"), today)
    return None if found is None else {"day": found}


def _month_named(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    first = date_of("", int(number(match["month"])), 1, today)
    return None if first is None else _part_of_month(match["when"], first, today, calendar)


def _around_holiday(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    around = holiday_ahead(today, calendar)
    if around is None:
        return None
    return {"day": around[match["side"] != "前"], "is_vague": match["side"] != "前" and not match["first"]}


def _part_of_week(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=(match["relation"] or "").count("下"))
    return {"day": monday + timedelta(days={"初": 1, "前": 1, "中": 2, "后": 4}[match["when"][0]]), "is_vague": True}


def _weekday(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    relation, name = match["relation"] or "", match["weekday"]
    weeks = None if not relation else relation.count("下")
    return {"day": weekday_of(6 if name == "末" else min("一二三四五六日天".index(name), 6), weeks, today)}


def _week(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=match["relation"].count("下"))
    return {"day": last_working_day(max(monday, today), monday + timedelta(days=6), calendar)}


def _month(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    last = month_end(today, (match["relation"] or "").count("下"))
    return _part_of_month(match["when"], last.replace(day=1), today, calendar)


def _part_of_month(when: str, first: date, today: date, calendar: Calendar) -> Fields:
    last, until = month_end(first), {"初": 5, "上": 10, "中": 15, "中旬": 20}.get(when if when == "中旬" else when[:1])
    if until is not None:
        return {"day": first.replace(day=until), "is_vague": when.endswith("旬")}
    return {"day": last_working_day(max(today, first), last, calendar)}


def _ahead(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    fields: Fields = {"day": today + timedelta(days=_AHEAD[match["ahead"]])}
    if match["part"]:
        fields["part"] = _PARTS[match["part"]]
    return fields


def _days(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    return {"day": today + timedelta(days=max(1, round(number(match["n"])))), "is_vague": _is_range(match["n"])}


def _clock(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    hour = int(number(match["hour"]))
    rest = match["rest"] or ""
    minute = {"": 0, "整": 0, "钟": 0, "半": 30, "一刻": 15, "三刻": 45}.get(rest)
    if minute is None:
        minute = int(number(rest.rstrip("分")))
    if hour > 24 or minute > 59:
        return None
    return {"clock": time(hour % 24, minute), "on_dial": True, "is_vague": _is_range(match["hour"])}


def _digital(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    return {"clock": time(hour, minute), "on_dial": len(match["hour"]) == 1} if hour < 24 and minute < 60 else None


def _rules() -> list[tuple[re.Pattern[str], _Make]]:
    written: list[tuple[str, _Make]] = [
        (r"(?:上{1,2}个?(?:周|星期|礼拜)[一二三四五六日天末]?|上个?月(?!底)(?:底|初|中)?|"
         r"昨[天日晚]?|前[天日]|刚才|去年)" + _THEN, _nothing),
        (r"每隔?\s*(?:\d+|" + _N + r")?\s*个?"
         r"(?:小时|分钟|天|周|日|年|工作日|星期[一二三四五六日天]?|周[一二三四五六日]?|"
         rf"月(?:的?\s*(?:{_DAYS})\s*[号日])?)" + _THEN, _nothing),
        (r"(?:节日?|假期|放假|假)(?P<side>前|后|回来|结束)(?:的|上班|复工|之后)*"
         r"(?P<first>第一[天个日](?:工作日|上班)?)?", _around_holiday),
        (rf"(?:{_NUMBER}\s*[-~～到至]\s*)?(?P<n>{_NUMBER})\s*个?(?P<half>半)?\s*(?P<unit>小时|小時|钟头|分钟|分鐘|刻钟)"
         r"(?!前(?!给|回))", _span),
        (r"几\s*个?(?P<unit>分钟|小时|天)", _few),
        (r"半天(?:内|之内|以内|后)?", lambda m, t, c: {"after": timedelta(hours=4)}),
        (rf"(?P<n>\d{{1,2}}|{_N})\s*个?工作日", lambda m, t, c: {"working_days": int(number(m["n"]))}),
        (rf"(?P<n>\d{{1,2}}|{_N})\s*(?:天|日)\s*(?:内|之内|以内|后|之后|左右)", _days),
        (rf"(?P<n>\d|{_N})\s*个?(?:周|星期|礼拜)\s*(?:内|之内|以内|后|之后|左右)",
         lambda m, t, c: {"day": t + timedelta(weeks=int(number(m["n"])))}),
        (r"(?P<year>20\d\d)\s*[-年/.]\s*(?P<month>\d{1,2})\s*[-月/.]\s*(?P<day>\d{1,2})[日号]?", _date),
        (rf"(?<![\d一二三四五六七八九十])(?P<year>)(?P<month>{_MONTHS})\s*月份?\s*(?P<day>{_DAYS})(?![\d一二三四五六七八九十个])"
         r"\s*[日号]?", _date),
        (rf"(?<![\d一二三四五六七八九十])(?P<month>{_MONTHS})\s*月份?的?(?P<when>[上中下]旬|底|末|初|中)",
         _month_named),
        (rf"(?P<relation>本|这个?|当|下下个?|下个?)月的?\s*(?P<day>{_DAYS})\s*[日号]", _day_of_month),
        (r"(?<![\d/.])(?P<year>)(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])(?![\d/%])", _date),
        (rf"(?<![\d第一二三四五六七八九十])(?P<relation>)(?P<day>{_DAYS})\s*[号日](?![楼机线版院门馆店仓])",
         _day_of_month),
        (r"(?P<relation>本|这个?|下下个?|下个?)?(?:周|週|星期|礼拜)(?P<when>初|前半|中|后半)[段周]?", _part_of_week),
        (r"(?P<relation>本|这个?|下下个?|下个?)?(?:周|週|星期|礼拜|禮拜)(?P<weekday>[一二三四五六日天末])", _weekday),
        (r"(?P<relation>本|这个?|下下个?|下个?)(?:周|週|星期|礼拜)(?:之?内|以内)?", _week),
        (r"(?P<relation>本|这个?|下下个?|下个?|当)?月(?P<when>[上中下]旬|底|末|初|中)", _month),
        (r"(?P<relation>本|这个|下个?)月(?P<when>(?:之?内|以内)?)", _month),
        (r"年底|年内|年前", lambda m, t, c: {"day": last_working_day(t, date(t.year, 12, 31), c)}),
        (r"(?P<ahead>大后|今|当|明|次|隔|后|後)[天日]"
         r"(?P<part>早上|早晨|早|上午|中午|下午|傍晚|晚上|晚)?(?:之?内)?", _ahead),
        (r"(?P<ahead>今|明|后)(?:天|儿)?(?P<part>早上?|晚上?|上午|中午|下午)(?![点些])", _ahead),
        (r"第二天(?P<part>)", lambda m, t, c: {"day": t + timedelta(days=1)}),
        (r"(?P<part>上午|中午|下午|傍晚|晚上|早上|一早)", lambda m, t, c: {"part": _PARTS[m["part"]]}),
        (r"(?:下班|关门)(?:之|以)?前", lambda m, t, c: {"closes": True}),
        (r"(?<=[天日])结束(?:之|以)?前", lambda m, t, c: {"closes": True, "is_days_end": True}),
        (r"(?:一|刚)上班(?:后|时|的时候)?(?:就)?|上班就", lambda m, t, c: {"part": "opening"}),
        (r"上班(?:之?后|时|的时候)|开工后", lambda m, t, c: {"part": "opened"}),
        (r"(?<![\d几第])(?P<hour>1\d|2[0-4]|\d|二十[一二三四]?|十[一二三四五六七八九]?|"
         r"(?<!十)[二两三四五六七八九]{1,2}|(?<![快慢有差早晚多少好高低近大小十])一(?=点(?:钟|半|整|前|之前|左右|\d)))"
         rf"\s*[点點](?P<rest>半|一刻|三刻|整|钟|"
         rf"\d{{1,2}}分?|[一二三四五]?十[一二三四五六七八九]?分?)?(?!{_NOT_HOURS})", _clock),
        (r"(?<![\d:：.])(?P<hour>[01]?\d|2[0-3])[:：](?P<minute>[0-5]\d)(?![\d:：])", _digital),
    ]  # fmt: skip
    return [(re.compile(pattern), make) for pattern, make in written]


_RULES = _rules()
