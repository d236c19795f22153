"""Layers tuned without torch: their slopes are the loss's own, texts of a topic come together, and the same texts give
the same layers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.upper.layers import Layers, Pass
from models.upper.training import TooLittleToTune, UpperTuning, tune, vectors_of
from models.upper.weights import UpperWeights

Floats = NDArray[np.float32]

DIMENSIONS, HEADS, TOPICS = 16, 4, 5


def some_weights(layers: int, seed: int = 0) -> UpperWeights:
    chance = np.random.default_rng(seed)
    arrays: dict[str, Floats] = {}
    for number in range(layers):
        for name, shape in (("qkv", (1, 3)), ("out", (1, 1)), ("up", (1, 4)), ("down", (4, 1))):
            inputs, outputs = (DIMENSIONS * times for times in shape)
            arrays[f"{number}.{name}.weight"] = chance.normal(0, 0.3, (inputs, outputs)).astype(np.float32)
            arrays[f"{number}.{name}.bias"] = chance.normal(0, 0.1, outputs).astype(np.float32)
        for name in ("attended", "done"):
            arrays[f"{number}.{name}.gain"] = chance.normal(1, 0.1, DIMENSIONS).astype(np.float32)
            arrays[f"{number}.{name}.bias"] = chance.normal(0, 0.1, DIMENSIONS).astype(np.float32)
    return UpperWeights(HEADS, 1e-12, arrays)


def some_texts() -> tuple[list[Floats], NDArray[np.int64]]:
    """Four texts a topic, of several lengths, alike only in a small part."""
    chance = np.random.default_rng(1)
    directions = chance.normal(0, 1, (TOPICS, DIMENSIONS))
    topics = np.repeat(np.arange(TOPICS), 4)
    texts = [
        0.5 * directions[topic] + chance.normal(0, 1, (2 + row % 5, DIMENSIONS)) for row, topic in enumerate(topics)
    ]
    return [text.astype(np.float32) for text in texts], topics


def nothing(*_: object) -> None:
    pass


def test_the_way_back_gives_the_slopes_of_every_weight() -> None:
    states, _ = some_texts()
    weights = some_weights(2)
    towards = np.random.default_rng(2).normal(0, 1, (len(states), DIMENSIONS)).astype(np.float32)
    found = Pass(Layers(weights), states).back(towards)
    assert set(found) == set(weights.arrays)
    step = 1e-2
    for name, array in weights.arrays.items():
        along = found[name] / np.linalg.norm(found[name])
        sides = []
        for sign in (1, -1):
            there = np.asarray(array + sign * step * along, np.float32)
            moved = UpperWeights(HEADS, 1e-12, {**weights.arrays, name: there})
            sides.append(float(np.vdot(Layers(moved).vectors(states), towards)))
        assert (sides[0] - sides[1]) / (2 * step) == pytest.approx(float(np.linalg.norm(found[name])), rel=0.02), name


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    states, _ = some_texts()
    layers = Layers(some_weights(2))
    alone = np.concatenate([layers.vectors([text]) for text in states])
    assert np.allclose(vectors_of(layers, states, nothing), alone, atol=1e-5)


def test_texts_of_one_topic_come_together_the_same_way_every_time() -> None:
    states, topics = some_texts()
    base, how = some_weights(2), UpperTuning(epochs=10, batch=4, learning_rate=3e-3)

    def found_first(weights: UpperWeights) -> float:
        vectors = vectors_of(Layers(weights), states, nothing)
        vectors = vectors - vectors.mean(axis=0)
        likeness = vectors @ vectors.T - 10 * np.eye(len(vectors))
        return float(np.mean(topics[likeness.argmax(axis=1)] == topics))

    tuned = tune(base, states, topics, how, nothing)
    assert found_first(base) < 0.7
    assert found_first(tuned) > 0.9
    assert tuned.digest == tune(base, states, topics, how, nothing).digest != base.digest


def test_one_topic_or_one_text_of_each_is_too_little() -> None:
    states, topics = some_texts()
    base, how = some_weights(1), UpperTuning(epochs=1, batch=2)
    with pytest.raises(TooLittleToTune):
        tune(base, states[:4], topics[:4], how, nothing)
    with pytest.raises(TooLittleToTune):
        tune(base, states[::4], topics[::4], how, nothing)


def test_no_more_steps_are_taken_than_allowed() -> None:
    states, topics = some_texts()
    told: list[tuple[str, int, int]] = []
    tune(
        some_weights(1), states, topics, UpperTuning(epochs=50, batch=4, most_steps=7), lambda *said: told.append(said)
    )
    assert [said for said in told if said[0] == "tuning"] == [("tuning", step, 7) for step in range(1, 8)]
