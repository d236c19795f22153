"""What an editor can do something about: articles taken for each other, weak articles, questions that went wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scripts.evaluation.asking import Asked

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two articles that are taken for each other: questions about `wanted` for which `found` came first."""

    wanted: str
    found: str
    count: int
    back: int  # the other way round
    answered: int  # of both, given as the answer
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weak:
    """An article whose questions are not found or not answered."""

    article_id: str
    questions: int
    found_first: int
    answered_right: int
    examples: tuple[str, ...]  # questions that did not find it


def confusions(inside: Sequence[Asked], same: Mapping[str, str]) -> list[Confusion]:
    """Most frequent first; an article and its translations count as one, shown by the id they share."""
    mixed: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for one in inside:
        if one.place != 0 and one.first is not None and one.question.expected is not None:
            wanted = same.get(one.question.expected, one.question.expected)
            mixed[wanted, same.get(one.first, one.first)].append(one)
    found: list[Confusion] = []
    for (wanted, other), asked in mixed.items():
        back = mixed.get((other, wanted), [])
        if (len(back), other) > (len(asked), wanted):
            continue  # told from the other side
        both = [*asked, *back]
        found.append(
            Confusion(
                wanted,
                other,
                len(asked),
                len(back),
                sum(one.fate == "wrong" for one in both),
                tuple(one.question.text for one in both[:_EXAMPLES]),
            )
        )
    return sorted(found, key=lambda one: (-(one.count + one.back), -one.answered, one.wanted))


def weak_articles(inside: Sequence[Asked], same: Mapping[str, str]) -> list[Weak]:
    """Articles of which at least one question did not find them first; the most misses first."""
    by_article: dict[str, list[Asked]] = defaultdict(list)
    for one in inside:
        if one.question.expected is not None:
            by_article[same.get(one.question.expected, one.question.expected)].append(one)
    weak = [
        Weak(
            article_id,
            len(asked),
            sum(one.place == 0 for one in asked),
            sum(one.fate == "right" for one in asked),
            tuple(one.question.text for one in asked if one.place != 0)[:_EXAMPLES],
        )
        for article_id, asked in by_article.items()
        if any(one.place != 0 for one in asked)
    ]
    return sorted(weak, key=lambda one: (one.found_first - one.questions, one.answered_right, one.article_id))


def answered_wrong(asked: Sequence[Asked]) -> list[Asked]:
    """Where the bot was surest first."""
    return sorted((one for one in asked if one.fate == "wrong"), key=lambda one: -one.confidence)


def unanswered(inside: Sequence[Asked]) -> list[Asked]:
    """Neither answered nor offered the right article; where the bot was least sure first."""
    missed = ("offered_without", "asked_back", "handed_off", "small_talk")
    return sorted((one for one in inside if one.fate in missed), key=lambda one: one.confidence)


def fates(asked: Sequence[Asked]) -> Counter[str]:
    """How often each thing became of a question."""
    return Counter(one.fate for one in asked)
