"""What the stored pairs are worth for the version being served, and the promotion of what is better."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb_index.encoders import Encoders, NamedEncoder, TunedEncoder
from kb_index.errors import NoSuchVersion
from kb_index.records import Article, Lesson
from kb_index.topics import lay_out
from kb_index.tuning import seen_in, tune
from models.upper.encoder import UpperEncoder
from router.learning.harvest import Harvest
from router.learning.lessons import Label, read_labels
from scripts.opening import KnowledgeBase
from scripts.progress import ProgressBars
from scripts.training.promotion import Promotion
from scripts.training.trial import Contender, Trial, fold_of, without_part
from scripts.training.verdict import Verdict, figures, judge

_TUNED_FOLDS, _TUNED_PART = 3, 0  # tuning once for each part would take too long: a third is asked, the rest is learnt


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing that might be promoted, against the best before it."""

    name: str
    against: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was tried, and what is being served now."""

    labels: Sequence[Label]
    attempts: Sequence[Attempt]
    served: int  # before
    better: str | None  # the best of what was tried; None: what is served
    promoted: int | None  # the new version; None: nothing was promoted


@dataclass(frozen=True, slots=True)
class _State:
    """An encoder and where the index has its lessons from: something that can be served."""

    name: str
    encoder: NamedEncoder
    tuned: TunedEncoder | None
    lessons: Callable[[int, int], Sequence[Lesson]]  # of all parts but this one of so many


class StoredTraining:
    """One training; `run` does all of it."""

    def __init__(self, base: KnowledgeBase, progress: ProgressBars) -> None:
        self._base = base
        self._progress = progress
        self._encoders = Encoders(base.settings.encoder, base.settings.data_dir)

    async def run(self, *, tune: bool, epochs: int, dry_run: bool) -> Outcome:
        """Reads the pairs, compares, promotes what is better unless it is a dry run. Raises `KnowledgeError`."""
        base, learning = self._base, self._base.settings.learning
        number = await base.versions.serving()
        if number is None:
            raise NoSuchVersion("no index version is being served yet; run: python -m scripts.reindex")
        learnt = await base.versions.learnt(number)
        encoder = await asyncio.to_thread(self._encoders.load, learnt.tuned)
        index = await base.versions.load(number, encoder, self._progress)
        await Harvest(base.database, base.clock, lambda: index).tick()
        labels = await read_labels(base.database, learning.believed_from)
        articles = [known.article for known in await base.articles.stored() if not known.removed]

        def taught(part: int, folds: int) -> list[Lesson]:
            return [each for label in labels if fold_of(label.key, folds) != part for each in label.lessons]

        served = _State("served", encoder, learnt.tuned, lambda part, of: without_part(learnt.lessons, part, of))
        lessons = _State("lessons", encoder, learnt.tuned, taught)
        trial = self._trial(articles, labels, learning.folds)
        attempts = [await self._attempt(trial, served, lessons)]
        best = lessons if attempts[0].verdict.is_better else served
        tuned: _State | None = None
        if tune and attempts[0].verdict.is_enough:
            tuned = await self._tuned(articles, taught, epochs)
            trial = self._trial(articles, labels, _TUNED_FOLDS, [_TUNED_PART])
            attempts.append(await self._attempt(trial, best, tuned))
            best = tuned if attempts[1].verdict.is_better else best
        promoted = None
        if best is not served and not dry_run:
            promoted = await self._promote(best, labels, attempts)
        await base.versions.layers.clean()  # of what was tuned in vain
        return Outcome(labels, attempts, number, None if best is served else best.name, promoted)

    def _trial(
        self, articles: Sequence[Article], labels: Sequence[Label], folds: int, parts: Sequence[int] | None = None
    ) -> Trial:
        settings = self._base.settings
        return Trial(articles, labels, folds, settings.index, settings.bot, self._progress, parts)

    async def _attempt(self, trial: Trial, old: _State, new: _State) -> Attempt:
        asked = []
        for state in (old, new):
            vectors = self._base.versions.known_vectors(state.encoder)
            asked.append(await trial.run(Contender(state.name, state.encoder, state.lessons), vectors))
        least = self._base.settings.learning.least_held_out
        return Attempt(new.name, old.name, judge(asked[0], asked[1], least))

    async def _tuned(
        self, articles: Sequence[Article], taught: Callable[[int, int], Sequence[Lesson]], epochs: int
    ) -> _State:
        base = await asyncio.to_thread(self._encoders.tunable)
        layout = lay_out(articles, taught(_TUNED_PART, _TUNED_FOLDS))
        weights = await asyncio.to_thread(tune, base, layout, self._progress, epochs=epochs)
        encoder = UpperEncoder(base, weights)
        made = TunedEncoder(encoder.fingerprint, base.fingerprint)
        await self._base.versions.layers.put(made, weights, seen_in(layout))
        return _State("tuned encoder", encoder, made, taught)

    async def _promote(self, best: _State, labels: Sequence[Label], attempts: Sequence[Attempt]) -> int:
        base = self._base
        promotion = Promotion(base.database, base.articles, base.versions)
        told = {attempt.name: figures(attempt.verdict) for attempt in attempts}
        note = f"trained: {best.name}"
        return await promotion.promote(labels, best.encoder, best.tuned, told, note, self._progress)
