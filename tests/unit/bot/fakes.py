"""A searcher and an encoder for the tests of the bot: the test says which articles are found and how likely each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering import Answerer
from bot.records import Option, Turn
from bot.settings import BotSettings, SignalSettings
from bot.signals import SignalReader
from kb_index.records import Article, Asked, Candidate, Scope
from models.heads.heads import Opinion
from models.heads.labels import EMOTIONS, NO_TOPIC, URGENCIES

EXPORT = Article("gantt-export-image", "怎么把甘特图导出成图片", "打开甘特图，点导出。")
PDF = Article("gantt-export-pdf", "怎么把甘特图导出成 PDF", "打开甘特图，点导出 PDF。")
PRINT = Article("gantt-print", "怎么打印甘特图", "按打印键。")
ROLES = Article("roles-manager", "项目经理有哪些权限", "项目经理可以管理成员。")
SHARE = Article("gantt-share", "怎么分享甘特图", "点分享。")
MOBILE = Article("gantt-mobile", "手机上能看甘特图吗", "可以。")
HELLO = Article("hello", "你好", "您好，这里是金石。", variants=("在吗",))
ARTICLES = (EXPORT, PDF, PRINT, ROLES, SHARE, MOBILE, HELLO)

Found = Sequence[tuple[Article, float]]

_MAINLAND = str.maketrans("麼匯", "么导")  # of the Traditional characters those that the tests use


class FakeEncoder:
    """One vector for everything; remembers what it was asked, and of what a topic was to be told."""

    dimensions, heard_from = 4, 0

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.told: list[str] = []

    def remembers(self, text: str) -> bool:
        return False

    async def turn_vector(self, text: str) -> NDArray[np.float32]:
        self.asked.append(text)
        return np.ones(4, dtype=np.float32)

    async def message_vector(self, text: str) -> NDArray[np.float32]:
        self.told.append(text)
        return await self.turn_vector(text)


class FakeCalibration:
    """Takes the probability from the score that the test has put there."""

    def probabilities(self, candidates: Sequence[Candidate]) -> list[float]:
        return [candidate.score for candidate in candidates]


class FakeSearcher:
    """Finds what the test says, by words in the question; `default` for every other question."""

    version = 7

    def __init__(self, default: Found = (), by_word: Mapping[str, Found] | None = None) -> None:
        self._default = default
        self._by_word = by_word or {}
        self.calibration = FakeCalibration()
        self.scopes: list[Scope | None] = []

    def reworded(self, question: str) -> str:
        return question.translate(_MAINLAND)

    def find_all(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        return [self._find(one) for one in asked]

    def _find(self, asked: Asked) -> list[Candidate]:
        self.scopes.append(asked.scope)
        found = next((found for word, found in self._by_word.items() if word in asked.question), self._default)
        return [_candidate(article, chance, asked.question) for article, chance in found][: asked.limit]

    def article(self, article_id: str) -> Article | None:
        return next((article for article in ARTICLES if article.id == article_id), None)

    def __len__(self) -> int:
        return len(ARTICLES)


def _opinion(labels: tuple[str, ...], best: str, chance: float = 0.95) -> Opinion:
    rest = (1 - chance) / (len(labels) - 1)
    return Opinion(labels, np.array([chance if label == best else rest for label in labels], np.float32))


class FakeHeads:
    """Open anger at 垃圾, annoyance at 难用, joy at 开心, haste at 急, a topic at 退款; nothing else."""

    def read_parts(self, name: str, parts: Sequence[str], vectors: NDArray[np.float32]) -> list[Opinion]:
        return [self._read(part)[name] for part in parts]

    def read_all(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> list[dict[str, Opinion]]:
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> dict[str, Opinion]:
        angry = "垃圾" in text or "难用" in text
        happy = "开心" in text or "happy" in text
        return {
            "emotion": _opinion(EMOTIONS, "angry" if angry else "happy" if happy else "neutral"),
            "openness": _opinion(("annoyed", "open"), "open" if "垃圾" in text else "annoyed"),
            "urgency": _opinion(URGENCIES, "high" if "急" in text else "normal"),
            "topic": _opinion((NO_TOPIC, "账单/退款"), "账单/退款" if "退款" in text else NO_TOPIC),
        }


class EmptySearcher(FakeSearcher):
    """An index without articles."""

    def __len__(self) -> int:
        return 0


def _candidate(article: Article, chance: float, question: str) -> Candidate:
    exact = next((text for text in (article.question, *article.variants) if text in question), article.question)
    return Candidate(article, chance, 0.0, chance, 0.0, len(question), exact)


def bot(
    default: Found = (), by_word: Mapping[str, Found] | None = None, settings: BotSettings | None = None
) -> Answerer:
    """A bot that finds what the test says."""
    return Answerer(
        settings or BotSettings(),
        FakeEncoder(),
        FakeSearcher(default, by_word),
        signals=SignalReader(SignalSettings(), FakeHeads()),
    )


def turn(*fragments: str, **what: object) -> Turn:
    """A turn on a Chinese page."""
    return Turn(fragments=fragments, **what)  # type: ignore[arg-type]  # tests name the fields


def options(*articles: Article) -> tuple[Option, ...]:
    return tuple(Option(article.id, article.question) for article in articles)
