"""Learns ranking and calibration from the knowledge base itself: each text asked while it is held out, each topic
asked for while it is missing, and sentences from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kb_index.calibration import FEATURES, Calibration, Examples, features, fit_calibration
from kb_index.parts import Parts
from kb_index.ranking import Ranking, fit_ranking
from kb_index.records import Article, Candidate
from kb_index.trials import LEAST_HELD_OUT, Asking, Trials
from kb_index.vectors import Progress

_MOST_SAMPLES = 3_000  # held-out texts looked at; more change nothing but the time
_FEWEST_TOPICS = 10  # below, nothing can be told from what is found while the right topic is missing
_LOOKED_AT = 10  # candidates of each list
_NEAR = FEATURES.index("near")
_OF_SEEN = 0.85  # layers tuned on half of the texts find the others by weights smaller by this (0.8 and 0.9 measured)
_AT_HOME = 0.2  # a sentence from elsewhere that comes as near as all but this share of held-out texts is none

#: What customers are taken to ask: for every question that is answered somewhere in the knowledge base, so much …
_MISSING_SHARE = 0.03  # … of the product but not in the knowledge base
_ELSEWHERE_SHARE = 0.33  # … of something else
_ELSEWHERE_SHARE_UNTRIED = 3.0  # the same where only missing topics say how near questions come: too far away


def fit(parts: Parts, negative_texts: Sequence[str], progress: Progress | None, *, has_seen: bool = False) -> Parts:
    """The parts with ranking and calibration fitted; as they are where there is too little to learn from. `has_seen`:
    the vectors come from layers that were tuned on these texts, which are found more easily than what customers ask."""
    layout = parts.layout
    if layout.topic_count == 0:
        return parts
    chosen = np.arange(len(layout.texts))
    if len(chosen) > _MOST_SAMPLES:
        chosen = np.sort(np.random.default_rng(7).choice(chosen, _MOST_SAMPLES, replace=False))
    asking = Asking(parts, negative_texts)
    trials = asking.held_out(chosen, progress)
    held_out = np.diff(layout.text_starts)[layout.text_topics[chosen]] > 1
    enough = held_out.sum() >= LEAST_HELD_OUT
    ranking = fit_ranking(trials.signs[held_out]) if enough else Ranking()
    if has_seen:
        ranking = ranking.weakened(_OF_SEEN)
    return replace(
        parts, ranking=ranking, calibration=_calibrate(layout.articles[0], ranking, trials, held_out, asking)
    )


def _calibrate(
    article: Article, ranking: Ranking, trials: Trials, held_out: NDArray[np.bool_], asking: Asking
) -> Calibration:
    held, right = _features(article, ranking, trials)
    elsewhere, _ = _features(article, ranking, asking.elsewhere())
    if trials.topics.shape[1] <= _FEWEST_TOPICS:
        missing = np.zeros((0, len(FEATURES)))
    else:
        missing, _ = _features(article, ranking, trials.without_the_first())
    untried = held_out.sum() < LEAST_HELD_OUT or len(missing) == 0
    held, right = (held[:0], right[:0]) if untried else (held[held_out], right[held_out])
    # A knowledge base may well be about the weather: what looks at home is no negative.
    here = missing if untried else held
    if len(here):
        elsewhere = elsewhere[elsewhere[:, _NEAR] < np.quantile(here[:, _NEAR], _AT_HOME)]
    share = _ELSEWHERE_SHARE_UNTRIED if untried else _ELSEWHERE_SHARE
    return fit_calibration(Examples(held, right, missing, elsewhere), _MISSING_SHARE, share)


def _features(article: Article, ranking: Ranking, trials: Trials) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The features of each list, and whether the topic at its first place wins."""
    measured, first_wins = [], []
    for row, fused in enumerate(ranking.fuse(trials.signs)):
        order = np.argsort(-fused, kind="stable")[:_LOOKED_AT]
        signs, near, coverage = trials.signs[row], trials.near[row], trials.coverage[row]
        length, at_home = int(trials.lengths[row]), float(trials.at_home[row])
        found = [  # which article it is plays no part
            Candidate(
                article, float(signs[n, 0]), float(signs[n, 2]), float(fused[n]), float(coverage[n]), length, "",
                float(near[n]), at_home,
            )
            for n in order
        ]  # fmt: skip
        measured.append(features(found))
        first_wins.append(float(order[0] == 0))
    return np.array(measured), np.array(first_wins)
