"""The editors' gate: a new index version has to answer the kept questions as well as the one being served."""

from __future__ import annotations

import asyncio
import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.signals import SignalReader
from database.pool import Database
from kb_index.encoders import NamedEncoder
from kb_index.errors import IndexMismatch, KnowledgeError, VersionRefused
from kb_index.reindexing import Rehearsal
from kb_index.search import KnowledgeIndex
from kb_index.versions import IndexVersions
from router.knowledge.said import Place, Say
from router.learning.lessons import Label, read_labels
from router.learning.records import normal_form
from router.settings import Settings
from scripts.evaluation.asking import Asked, Examiner, WarmEncoder
from scripts.evaluation.comparing import Comparison, Pair, Tally, compare
from scripts.evaluation.files import Question, read_kept_questions
from scripts.evaluation.signals import signals_of
from scripts.progress import ProgressBars

LEVEL = 0.05
_SHOWN = 120  # characters of a question


class Gate:
    """Judges one version; afterwards `comparison` says how, None where there was nothing to compare with."""

    def __init__(
        self,
        questions: Sequence[Question],
        versions: IndexVersions,
        settings: Settings,
        progress: ProgressBars,
        level: float = LEVEL,
    ) -> None:
        self._questions = questions
        self._versions = versions
        self._settings = settings
        self._progress = progress
        self._level = level
        self.judged: Rehearsal | None = None
        self.comparison: Comparison | None = None
        self.remarks: list[str] = []

    async def judge(self, rehearsal: Rehearsal) -> None:
        """Raises `VersionRefused` where the new version answers worse."""
        self.judged = rehearsal
        if rehearsal.served is None:
            self.remarks.append("no version is being served yet; there is nothing to compare with")
            return
        old = await self._served(rehearsal.served, rehearsal.encoder)
        warm = WarmEncoder(rehearsal.encoder)
        await asyncio.to_thread(warm.warm, [question.text for question in self._questions], self._progress)
        signals = await asyncio.to_thread(signals_of, self._settings, rehearsal.encoder, self._progress)
        before = await self._ask(old, warm, signals, f"asking version {rehearsal.served}")
        after = await self._ask(rehearsal.index, warm, signals, "asking the new version")
        had, has = old.article, rehearsal.index.article
        self.comparison = compare(
            before, after, lambda name: had(name) is not None, lambda name: has(name) is not None, self._level
        )
        if not self.comparison.pairs:
            raise KnowledgeError("none of the kept questions belongs to this knowledge base; name files after --gate")
        if self.comparison.is_worse:
            raise VersionRefused(f"refused, nothing was stored: {_summary(self.comparison)}")

    async def _ask(self, index: KnowledgeIndex, warm: WarmEncoder, signals: SignalReader, doing: str) -> list[Asked]:
        examiner = Examiner(index, warm, self._settings.bot, signals, self._settings.signals)
        return await examiner.ask(self._questions, self._progress, doing)

    async def _served(self, number: int, encoder: NamedEncoder) -> KnowledgeIndex:
        try:
            return await self._versions.load(number, encoder, self._progress)
        except IndexMismatch:
            self.remarks.append(
                f"version {number} was built with another encoder; its articles were built anew with this one, so "
                "articles are compared, not encoders"
            )
        articles, learnt = await self._versions.articles(number), await self._versions.learnt(number)
        build = self._versions.build
        return await asyncio.to_thread(build, number, articles, encoder, self._progress, learnt.lessons)


def kept_questions(given: Sequence[Path], configured: Sequence[Path]) -> list[Question]:
    """Of the files named at the command line, else of those in the settings."""
    paths = list(given)
    for path in paths:
        if path.is_dir() or path.suffix.lower() in (".md", ".markdown", ".csv", ".xlsx"):
            raise KnowledgeError(f"{path}: --gate takes question files (.jsonl); name articles before it")
    if not paths:
        for pattern in map(str, configured):
            paths += sorted(map(Path, glob.glob(pattern))) if glob.has_magic(pattern) else [Path(pattern)]
    return list(dict.fromkeys(read_kept_questions(paths)))


async def confirmed_in_use(
    database: Database, versions: IndexVersions, believed_from: float, known: Sequence[Question] = ()
) -> list[Question]:
    """Customers' questions whose answer is known from use, without those that the served version was taught and those
    that are `known` anyway."""
    labels = await read_labels(database, believed_from)
    lessons = (await versions.learnt(await versions.serving())).lessons
    apart = {_key(lesson.question) for lesson in lessons} | {_key(question.text) for question in known}
    return [
        Question(label.text, label.article_id, place=_place_of(label))
        for label in labels
        if label.is_settled and label.key not in apart
    ]


def _place_of(label: Label) -> Place | None:
    if label.conversation_id is None or label.question_seqs is None:
        return None
    return label.conversation_id, label.question_seqs


def _key(question: str) -> str:
    return normal_form(question) or question


def as_text(gate: Gate) -> Iterator[str]:
    """What the gate found, line by line."""
    yield from (f"gate: {remark}" for remark in gate.remarks)
    found = gate.comparison
    if found is None:
        return
    for pair in found.worse:
        yield f"worse       {_told(pair)}"
    for question in found.removed:
        yield f"apart       “{_short(question.text)}”  {question.expected} is no longer there"
    yield f"gate: {len(found.pairs)} kept questions, {_summary(found)}"
    yield f"gate: {len(found.better)} changed for the better, {len(found.worse)} for the worse"
    others = [(found.removed, "removed"), (found.added, "new"), (found.unknown, "unknown")]
    apart = [f"{len(questions)} about {name} articles" for questions, name in others if questions]
    if apart:
        yield f"gate: not compared: {', '.join(apart)}"


def as_json(gate: Gate, refused: bool, say: Say = lambda text, place: text) -> dict[str, object]:
    """The same for programs; `say` words a question that stands at a place in the log."""
    found = gate.comparison
    if found is None:
        return {"refused": refused, "remarks": gate.remarks, "compared": 0}
    return {
        "refused": refused,
        "remarks": gate.remarks,
        "level": found.level,
        "compared": len(found.pairs),
        "right": _tally(found.right),
        "wrong": _tally(found.wrong),
        "worse": [_pair(pair, say) for pair in found.worse],
        "better": [_pair(pair, say) for pair in found.better],
        "removed": [_question(question, say) for question in found.removed],
        "added": [_question(question, say) for question in found.added],
        "unknown": [_question(question, say) for question in found.unknown],
    }


def _summary(found: Comparison) -> str:
    changed = f"right answers {_change(found.right)}; wrong answers {_change(found.wrong)}"
    return f"{changed}; level {found.level:g}"


def _change(tally: Tally) -> str:
    changed = f"{tally.better} better, {tally.worse} worse, chance of noise {tally.chance:.2g}"
    return f"{tally.before} → {tally.after} ({changed})"


def _told(pair: Pair) -> str:
    expected = pair.question.expected or "nothing answers it"
    return f"“{_short(pair.question.text)}”  {_outcome(pair.before)} → {_outcome(pair.after)}  ({expected})"


def _outcome(one: Asked) -> str:
    given = f" {one.given}" if one.fate == "wrong" else ""
    return f"{one.fate.replace('_', ' ')}{given} {one.confidence:.2f}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def _tally(tally: Tally) -> dict[str, object]:
    return {
        "before": tally.before, "after": tally.after, "better": tally.better, "worse": tally.worse,
        "chance_of_noise": round(tally.chance, 6),
    }  # fmt: skip


def _pair(pair: Pair, say: Say) -> dict[str, object]:
    return _question(pair.question, say) | {"before": _asked(pair.before), "after": _asked(pair.after)}


def _asked(one: Asked) -> dict[str, object]:
    return {"fate": one.fate, "given": one.given, "first": one.first, "confidence": round(one.confidence, 4)}


def _question(question: Question, say: Say) -> dict[str, object]:
    return {"text": say(question.text, question.place), "expected": question.expected}
