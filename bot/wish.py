"""The wish for a human, said or implied, in five languages; refuses the product's own words (人工工时, 项目经理,
an agent role).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from bot import small_talk
from bot import wish_patterns as patterns
from bot.characters import folded, han_count, kana_count, latin_count
from bot.settings import SignalSettings
from bot.signals import Signals
from bot.wish_chinese import CHINESE
from bot.wish_english import ENGLISH
from bot.wish_japanese import JAPANESE
from bot.wish_patterns import WishKind
from bot.wish_spanish import SPANISH

#: A wish stands in the first or the last words; nobody hides it in the middle of a pasted log.
_READ = 300
_SAID, _ALIKE, _BIAS = 0.71, 0.73, -0.29
_SIGNS: dict[patterns.Sign, float] = {"asked": 2.4, "implied": 2.14, "refused": -2.97}
_LEAST_VOTE = 0.01
_CLAUSES = re.compile(r"[，。！？；、,.!?;:：…\n]+|\s{2,}|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
#: Characters that a plain wish may have beside its words: 麻烦马上帮我…一下谢谢, please … right now.
_BESIDE = 8
_ASKS = re.compile(
    r"[吗么呢嘛]|怎|如何|几点|几号|多少|多久|什么|哪|谁|为啥|是不是|能否|可否|要不要|收费|时间|电话|上班|下班|在线"
    r"|\b(?:how|what|when|where|why|who|which|is|are|do|does|can|could|hours?|cost)\b|ですか|ますか|\b(?:cómo|como|cuándo|qué|cuánto)\b"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """`asked`: the customer says so (转人工); `implied`: says what only a human can do (给我打电话, 别再用机器人了)."""

    kind: WishKind
    matched: str


@dataclass(frozen=True, slots=True)
class Sign:
    """What the words alone say: `refused` where they only sound like a wish, or decline one.

    ``plain``: they ask for a human in a clause of their own that asks nothing else (…，转人工), so there is no doubt.
    """

    kind: patterns.Sign
    matched: str
    plain: bool = False


def read(text: str) -> Sign | None:
    """The sign in `text`, the strongest of all its languages; None where nothing sounds like a wish."""
    line = folded(text)
    if len(line) > 2 * _READ:
        line = f"{line[:_READ]} … {line[-_READ:]}"
    refused: Sign | None = None
    for language in _languages(line):
        if found := language.find(line):
            sign = Sign(*found)
            if sign.kind != "refused":
                return replace(sign, plain=sign.kind == "asked" and _is_plain(line, sign.matched))
            refused = refused or sign
    return refused


def _is_plain(line: str, matched: str) -> bool:
    """Whether what matched stands in a clause that says little else and asks nothing."""
    clause = next((clause for clause in _CLAUSES.split(line) if matched in clause), None)
    if clause is None:
        return False  # it goes over the end of one
    return len(clause) - len(matched) <= _BESIDE and not _ASKS.search(clause)


def chance(sign: Sign | None, signals: Signals) -> float:
    """The probability that a human is wanted, from the words, from what a head makes of the text or of its likeliest
    clause, and from how many of the nearest labelled messages want one; where there is no head the words decide.

    A logistic model, fitted on the opinions of labelled messages that head and neighbours had not seen; many of those
    only sound like a wish, so what the words ask for weighs more here than there.
    """
    if signals.wish is None:
        return float(sign is not None and sign.kind != "refused")
    likeliest = max(signals.wish, signals.wish_in_part)
    alike = math.log((signals.wish_alike + _LEAST_VOTE) / (1 - signals.wish_alike + _LEAST_VOTE))
    said = _SIGNS[sign.kind] if sign is not None else 0.0
    return 1 / (1 + math.exp(-(_SAID * _logit(likeliest) + _ALIKE * alike + said + _BIAS)))


def is_heard(
    sign: Sign | None, talk: small_talk.Kind | None, signals: Signals, settings: SignalSettings, *, answerable: bool
) -> bool:
    """Whether a human is to be fetched. `answerable`: a question that an article is about, where a head alone, without
    a word for it, has to be surer.
    """
    if talk == "hours" or (talk == "presence" and sign is not None and sign.kind == "implied"):
        return False  # asked beforehand, or a greeting
    if talk is not None and sign is None:
        return False  # a goodbye is one, whatever it sounds like
    if sign is not None and sign.plain:
        return True  # said outright, it is obeyed, whatever else the message asks
    if sign is not None:
        wanted_from = settings.wish_at
    else:
        wanted_from = settings.wish_over_article_at if answerable else settings.wish_unsaid_at
    return chance(sign, signals) >= wanted_from


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


def detect(text: str) -> Wish | None:
    """The wish in `text`, or None. A question about humans in the product is not a wish."""
    sign = read(text)
    return None if sign is None or sign.kind == "refused" else Wish(sign.kind, sign.matched)


def _languages(line: str) -> list[patterns.WishPatterns]:
    languages = []
    if kana_count(line):
        languages.append(JAPANESE)
    elif han_count(line):
        languages.append(CHINESE)
    if latin_count(line):
        languages += [ENGLISH, SPANISH]
        if not han_count(line) and len(line) <= 40:
            languages.append(CHINESE)  # zhuan rengong
    return languages
