"""The measures of an evaluation against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from scripts.metrics import (
    ClassCounts,
    auroc,
    bootstrap,
    calibration_error,
    calibration_error_interval,
    class_counts,
    macro_f1,
    mean_reciprocal_rank,
    recall_at,
    reliability,
    right_at_precision,
    sign_test,
)


def test_recall_and_reciprocal_rank() -> None:
    places = [0, 1, None, 4]
    assert recall_at(places, 1) == 0.25
    assert recall_at(places, 3) == 0.5
    assert mean_reciprocal_rank(places) == pytest.approx((1 + 0.5 + 0.2) / 4)
    assert recall_at([], 1) == 0


def test_auroc_counts_ties_half() -> None:
    assert auroc(np.array([0.9, 0.8]), np.array([0.1])) == 1
    assert auroc(np.array([0.5]), np.array([0.5])) == 0.5
    assert auroc(np.array([0.9, 0.1]), np.array([0.5])) == 0.5
    assert auroc(np.array([]), np.array([0.5])) is None


def test_right_answers_at_a_precision() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, False, True, False])
    assert right_at_precision(confidence, right, 5, 0.9) == (0.4, 0.8)
    assert right_at_precision(confidence, right, 5, 0.75) == (0.6, 0.6)
    assert right_at_precision(confidence, ~right, 5, 0.9) == (0.0, None)


def test_equal_confidences_stand_or_fall_together() -> None:
    assert right_at_precision(np.array([0.9, 0.9]), np.array([True, False]), 2, 0.9) == (0.0, None)


def test_calibration_error() -> None:
    assert calibration_error(np.array([0.95, 0.95]), np.array([True, False])) == pytest.approx(0.45)
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0


def test_reliability_names_each_tenth_that_has_questions() -> None:
    found = reliability(np.array([0.05, 0.95, 1.0, 0.91]), np.array([False, True, True, False]))
    assert [(one.low, one.high, one.count) for one in found] == [(0.0, 0.1, 1), (0.9, 1.0, 3)]
    assert found[1].right == pytest.approx(2 / 3)
    assert found[1].confidence == pytest.approx((0.95 + 1.0 + 0.91) / 3)


def test_a_bootstrap_interval_is_the_same_each_time_and_as_wide_as_theory_says() -> None:
    right = np.arange(400) % 5 != 0
    interval = bootstrap(400, lambda drawn: float(right[drawn].mean()))
    assert interval is not None
    assert interval == bootstrap(400, lambda drawn: float(right[drawn].mean()))
    half = 1.96 * (0.8 * 0.2 / 400) ** 0.5  # normal approximation
    assert interval == pytest.approx((0.8 - half, 0.8 + half), abs=0.006)
    assert bootstrap(0, lambda drawn: 1.0) is None
    assert bootstrap(3, lambda drawn: None) is None


def test_the_calibration_error_lies_in_its_interval() -> None:
    chance = np.random.default_rng(1)
    confidence = chance.random(500)
    right = chance.random(500) < confidence * 0.7
    interval = calibration_error_interval(confidence, right)
    assert interval is not None
    assert interval[0] < calibration_error(confidence, right) < interval[1]


def test_classes_are_counted_and_averaged() -> None:
    counts = class_counts(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1]), 4)
    assert counts == [ClassCounts(1, 1, 2), ClassCounts(1, 3, 1), ClassCounts(0, 0, 1), ClassCounts(0, 0, 0)]
    assert (counts[0].precision, counts[0].recall) == (1, 0.5)
    assert counts[2].precision is None
    assert macro_f1(counts) == pytest.approx((2 / 3 + 0.5 + 0) / 3)  # the fourth class is nowhere


def test_the_sign_test_tells_a_loss_from_noise() -> None:
    assert sign_test(0, 0) == 1
    assert sign_test(1, 0) == 0.5
    assert sign_test(5, 0) == pytest.approx(1 / 32)
    assert sign_test(3, 1) == pytest.approx(5 / 16)
    assert sign_test(0, 9) == 1
    assert sign_test(2_000, 2_500) > 0.99
