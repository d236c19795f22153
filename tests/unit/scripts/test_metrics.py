"""The measures of an evaluation against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from scripts.metrics import auroc, calibration_error, mean_reciprocal_rank, recall_at, right_at_precision


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
