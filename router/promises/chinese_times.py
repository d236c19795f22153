"""Words about times to come in Chinese: days, hours, spans and 下班前; what has passed (昨天, 上周五) is not one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

from router.promises.days import date_of, month_end, next_day_of_month, weekday_of
from router.promises.times import Part, Piece, last_working_day
from router.waiting.hours import Calendar

_N = "[一二两兩三四五六七八九十]{1,3}"
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
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return _DIGITS[text[-1]]


def _nothing(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    return None


def _span(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    amount = number(match["n"]) + (0.5 if match["half"] else 0)
    return {"after": timedelta(minutes=amount * _UNITS[match["unit"]])}


def _few(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    return {"after": _VAGUE[match["unit"]], "is_vague": True}


def _date(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    day = date_of(match["year"], match["month"], match["day"], today)
    return None if day is None else {"day": day}


def _weekday(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    relation, name = match["relation"] or "", match["weekday"]
    weeks = None if not relation else relation.count("下")
    return {"day": weekday_of(6 if name == "末" else "一二三四五六日天".index(name) % 7, weeks, today)}


def _week(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=match["relation"].count("下"))
    return {"day": last_working_day(max(monday, today), monday + timedelta(days=6), calendar)}


def _month(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    last = month_end(today, 1 if "下" in (match["relation"] or "") else 0)
    if match["when"] == "初":
        return {"day": last.replace(day=5)}
    if match["when"] == "中":
        return {"day": last.replace(day=15)}
    return {"day": last_working_day(max(today, last.replace(day=1)), last, calendar)}


def _ahead(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    fields: Fields = {"day": today + timedelta(days=_AHEAD[match["ahead"]])}
    if match["part"]:
        fields["part"] = _PARTS[match["part"]]
    return fields


def _days(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    return {"day": today + timedelta(days=max(1, round(number(match["n"]))))}


def _clock(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    hour = int(number(match["hour"]))
    rest = match["rest"] or ""
    minute = {"": 0, "整": 0, "钟": 0, "半": 30, "一刻": 15, "三刻": 45}.get(rest)
    if minute is None:
        minute = int(number(rest.rstrip("分")))
    return {"clock": time(hour % 24, minute), "on_dial": True} if hour <= 24 and minute < 60 else None


def _digital(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    return {"clock": time(hour, minute), "on_dial": len(match["hour"]) == 1} if hour < 24 and minute < 60 else None


def _rules() -> list[tuple[re.Pattern[str], _Make]]:
    written: list[tuple[str, _Make]] = [
        (r"(?:上{1,2}个?(?:周|星期|礼拜)[一二三四五六日天末]?|上个?月(?!底)(?:底|初|中)?|"
         r"昨[天日晚]?|前[天日]|刚才|去年)", _nothing),
        (r"每隔?\s*(?:\d+|" + _N + r")?\s*个?"
         r"(?:小时|分钟|天|周|月|日|年|工作日|星期[一二三四五六日天]?|周[一二三四五六日]?)", _nothing),
        (rf"(?:{_NUMBER}\s*[-~～到至]\s*)?(?P<n>{_NUMBER})\s*个?(?P<half>半)?\s*(?P<unit>小时|小時|钟头|分钟|分鐘|刻钟)"
         r"(?!前(?!给|回))", _span),
        (r"几\s*个?(?P<unit>分钟|小时|天)", _few),
        (r"半天(?:内|之内|以内|后)?", lambda m, t, c: {"after": timedelta(hours=4)}),
        (rf"(?P<n>\d{{1,2}}|{_N})\s*个?工作日", lambda m, t, c: {"working_days": int(number(m["n"]))}),
        (rf"(?P<n>\d{{1,2}}|{_N})\s*(?:天|日)\s*(?:内|之内|以内|后|之后|左右)", _days),
        (rf"(?P<n>\d|{_N})\s*个?(?:周|星期|礼拜)\s*(?:内|之内|以内|后|之后|左右)",
         lambda m, t, c: {"day": t + timedelta(weeks=int(number(m["n"])))}),
        (r"(?P<year>20\d\d)\s*[-年/.]\s*(?P<month>\d{1,2})\s*[-月/.]\s*(?P<day>\d{1,2})[日号]?", _date),
        (r"(?P<year>)(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?", _date),
        (r"(?<![\d/.])(?P<year>)(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])(?![\d/%])", _date),
        (r"(?<![\d第])(?P<day>3[01]|[12]\d|[1-9])\s*[号日](?![楼机线版院门馆])",
         lambda m, t, c: {"day": next_day_of_month(int(m["day"]), t)}),
        (r"(?P<relation>本|这个?|下下个?|下个?)?(?:周|週|星期|礼拜|禮拜)(?P<weekday>[一二三四五六日天末])", _weekday),
        (r"(?P<relation>本|这个?|下下个?|下个?)(?:周|週|星期|礼拜)(?:之?内|以内)?", _week),
        (r"(?P<relation>本|这个?|下个?|当)?月(?P<when>底|末|初|中)", _month),
        (r"(?P<relation>本|这个|下个?)月(?P<when>(?:之?内|以内)?)", _month),
        (r"年底|年内|年前", lambda m, t, c: {"day": last_working_day(t, date(t.year, 12, 31), c)}),
        (r"(?P<ahead>大后|今|当|明|次|隔|后|後)[天日]"
         r"(?P<part>早上|早晨|早|上午|中午|下午|傍晚|晚上|晚)?(?:之?内)?", _ahead),
        (r"(?P<ahead>今|明|后)(?:天|儿)?(?P<part>早上?|晚上?|上午|中午|下午)(?![点些])", _ahead),
        (r"第二天(?P<part>)", lambda m, t, c: {"day": t + timedelta(days=1)}),
        (r"(?<![日天])(?P<part>上午|中午|下午|傍晚|晚上|早上|一早)", lambda m, t, c: {"part": _PARTS[m["part"]]}),
        (r"(?:下班|关门)(?:之|以)?前|(?:当天|今天)结束前", lambda m, t, c: {"closes": True}),
        (r"一?上班(?:后|就|时|的时候)|开工后", lambda m, t, c: {"part": "opening"}),
        (r"(?<![\d几第])(?P<hour>1\d|2[0-4]|\d|[二两三四五六七八九十]{1,3}|"
         r"(?<![快慢有差早晚多少好高低近大小])一(?=点(?:钟|半|整|前|之前|左右|\d)))"
         rf"\s*[点點](?P<rest>半|一刻|三刻|整|钟|"
         rf"\d{{1,2}}分?|[一二三四五]?十[一二三四五六七八九]?分?)?(?!{_NOT_HOURS})", _clock),
        (r"(?<![\d:：.])(?P<hour>[01]?\d|2[0-3])[:：](?P<minute>[0-5]\d)(?![\d:：])", _digital),
    ]  # fmt: skip
    return [(re.compile(pattern), make) for pattern, make in written]


_RULES = _rules()
