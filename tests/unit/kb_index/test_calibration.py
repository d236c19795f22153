"""Confidence is a probability: between 0 and 1, higher for better evidence, believable on fresh questions."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_index.calibration import FEATURES, Calibration, Examples, features, fit_calibration
from kb_index.ranking import DEFAULT_WEIGHTS, Ranking, fit_ranking
from kb_index.records import Article, Candidate
from kb_index.signs import SIGNS

ARTICLE = Article("a", "怎么导出", "点导出")


def candidate(rank_score: float, score: float = 0.5, lexical: float = 0.2, coverage: float = 0.3) -> Candidate:
    return Candidate(ARTICLE, score, lexical, rank_score, coverage, 6, "")


def examples(seed: int = 1, count: int = 600) -> Examples:
    """Drawn so that the truth is known: right with the logistic chance of the first feature, if in scope at all."""
    random = np.random.default_rng(seed)
    held_out = random.normal(2.0, 1.0, (count, len(FEATURES)))
    right = (random.random(count) < 1 / (1 + np.exp(-held_out[:, 0]))).astype(float)
    missing = random.normal(1.0, 1.0, (count, len(FEATURES)))
    elsewhere = random.normal(-1.0, 1.0, (count, len(FEATURES)))
    return Examples(held_out, right, missing, elsewhere)


scores = st.lists(st.floats(-50, 50), min_size=1, max_size=10)


@given(scores, st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1))
def test_every_list_has_probabilities_that_fit_together(
    values: list[float], score: float, lexical: float, coverage: float
) -> None:
    found = [candidate(value, score, lexical, coverage) for value in sorted(values, reverse=True)]
    chances = Calibration().probabilities(found)
    assert len(chances) == len(found)
    assert chances[0] == Calibration().probability(found)
    assert all(0 <= chance <= chances[0] <= 1 for chance in chances)
    assert sum(chances) <= 1 + 1e-6


def test_nothing_found_is_certainly_no_answer() -> None:
    assert Calibration().probability([]) == 0
    assert Calibration().probabilities([]) == []


@pytest.mark.parametrize("calibration", [Calibration(), fit_calibration(examples(), 0.1, 0.15)])
@pytest.mark.parametrize("feature", range(len(FEATURES)))
def test_more_of_any_feature_never_lowers_the_probability(calibration: Calibration, feature: int) -> None:
    measured = np.tile(np.array([0.5, 0.3, 2.0, 3.0, 0.5, 0.4, 1.0]), (50, 1))
    measured[:, feature] = np.linspace(-10, 20, 50)
    assert np.all(np.diff(calibration.probability_of(measured)) >= 0)


def test_a_rival_that_comes_nearer_lowers_the_probability() -> None:
    falling = [Calibration().probability([candidate(10), candidate(second)]) for second in (0, 5, 8, 9, 10)]
    assert falling == sorted(falling, reverse=True)
    assert falling[0] > 2 * falling[-1]


def test_fitted_probabilities_are_what_they_say() -> None:
    calibration = fit_calibration(examples(seed=1, count=200_000), 0.1, 0.15)
    fresh = examples(seed=2, count=4000)
    weights = np.concatenate([np.ones(4000), np.full(4000, 0.1), np.full(4000, 0.15)])
    outcome = np.concatenate([fresh.right, np.zeros(8000)])
    said = calibration.probability_of(np.concatenate([fresh.held_out, fresh.missing, fresh.elsewhere]))
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        here = (said >= low) & (said < low + 0.2)
        assert (
            abs(np.average(said[here], weights=weights[here]) - np.average(outcome[here], weights=weights[here])) < 0.1
        )


def test_without_held_out_questions_the_defaults_stand_in_the_units_of_the_knowledge_base() -> None:
    nothing = np.zeros((0, len(FEATURES)))
    drawn = examples()
    fitted = fit_calibration(replace(drawn, held_out=nothing, right=np.zeros(0)), 0.1, 0.15)
    assert fitted.fitted_on == 0
    assert fitted.right == Calibration().right
    assert fitted.about.means == pytest.approx(drawn.elsewhere[:, 3:].mean(axis=0), abs=1e-4)
    assert fit_calibration(Examples(nothing, np.zeros(0), nothing, nothing), 0.1, 0.15) == Calibration()


def test_with_one_wording_an_article_what_sounds_like_home_is_doubted_more_and_the_order_stays() -> None:
    """Topics taken away look nearer than customers' questions do: taken at their word they let strangers in."""
    drawn, nothing = examples(), np.zeros((0, len(FEATURES)))
    untried = fit_calibration(replace(drawn, held_out=nothing, right=np.zeros(0)), 0.1, 0.15)
    tried = fit_calibration(replace(drawn, held_out=drawn.missing, right=np.zeros(600), missing=nothing), 0.1, 0.15)
    measured = np.concatenate([drawn.missing, drawn.elsewhere])[:, 3:]
    careful, plain = untried.about.of(measured), tried.about.of(measured)
    assert np.all(careful < plain)
    assert np.array_equal(np.argsort(careful, kind="stable"), np.argsort(plain, kind="stable"))


def test_what_was_fitted_survives_being_stored() -> None:
    calibration = fit_calibration(examples(), 0.1, 0.15)
    assert Calibration.from_json(msgspec.json.decode(msgspec.json.encode(calibration.to_json()))) == calibration
    with pytest.raises((KeyError, TypeError, ValueError)):
        Calibration.from_json({"about": {}, "right": {}, "fitted_on": 1})


def test_features_do_not_depend_on_how_many_candidates_were_asked_for() -> None:
    found = [candidate(10 - place) for place in range(10)]
    assert features(found) == pytest.approx(features(found[:5]))


def test_the_sign_that_tells_right_from_wrong_gains_weight() -> None:
    random = np.random.default_rng(3)
    signs = random.normal(0, 0.1, (1_000, 6, len(SIGNS))).astype(np.float32)
    signs[:, 0, 3] += 0.3  # the right one, at place 0, has the nearer answer
    fitted = fit_ranking(signs)
    assert fitted.fitted_on == 1_000
    others = [weight / default for weight, default in zip(fitted.weights, DEFAULT_WEIGHTS, strict=True)]
    assert others.pop(3) > 1.3 * max(others)
    assert min(fitted.weights) > 0, "no sign is left out"
    assert Ranking.from_json(fitted.to_json()) == fitted
    assert fit_ranking(signs[:0]) == Ranking()
