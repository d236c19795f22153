"""From labelled messages and an encoder to heads with calibrated probabilities; needs SciPy, and never serves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.encoder import Encoder, Vectors
from models.heads.heads import Head, Heads
from models.heads.labels import EMOTIONS, URGENCIES, Example, kin_of, topics_of
from models.heads.multinomial import Floats, Indices, Table, fit, folds, temperature
from models.heads.neighbours import Neighbours, Voters, joined
from models.heads.spelling import features_of, vocabulary
from models.topics.shipped import places_of

Progress = Callable[[str, int, int], None]

# How much meaning and spelling weigh against the pull towards zero; chosen on questions/dev.
_MEANING = 4.0
_SPELLING = 4.0
_AT_LEAST = 2  # texts that hold a feature of spelling
_PULL = 0.5
#: A topic learns from its own examples, from those of its first level and from those of the same second level:
#: 故障/甘特图 from every 故障 and from 使用问题/甘特图.
_OWN_SHARE = 0.6
#: The head that asks the nearest labelled messages too: there are many topics, and few examples of each.
_WITH_NEIGHBOURS = "topic"
#: What the nearest labelled messages are asked.
_VOTED_ON = (_WITH_NEIGHBOURS, "wish")
_AT_ONCE = 64  # texts encoded between two reports of progress


@dataclass(frozen=True, slots=True)
class _Task:
    """One head to fit: its labels, what they share, and the label of each example that has one."""

    name: str
    labels: tuple[str, ...]
    parts: Floats
    rows: Indices
    truth: Indices


def fit_heads(examples: Sequence[Example], encoder: Encoder, progress: Progress | None = None) -> Heads:
    """Heads for emotion, openness of anger, urgency, the wish for a human and topic, as far as the examples tell.

    Raises ValueError without examples. The same examples and encoder give the same heads.
    """
    if not examples:
        raise ValueError("there are no labelled messages to learn from")
    report = progress or (lambda doing, done, total: None)
    texts = [example.text for example in examples]
    vectors = _encode(texts, encoder, report)
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    scale = _MEANING / max(float(np.sqrt((centred**2).sum(axis=1).mean())), 1e-6)
    features = vocabulary(texts, _AT_LEAST)
    table = Table(np.asarray(centred * scale, np.float32), _counted(texts, features, _SPELLING))
    tasks = [task for task in _tasks(examples) if len(task.labels) > 1]
    heads: dict[str, Head] = {}
    columns: list[Floats] = []
    biases: list[Floats] = []
    voters: dict[str, Voters] = {}
    first = 0
    for done, task in enumerate(tasks):
        report("fitting heads", done, len(tasks))
        own = table.rows(task.rows)
        fitted = fit(own, task.truth, task.parts, _PULL)
        meant = vectors[task.rows] if task.name == _WITH_NEIGHBOURS else None
        heads[task.name] = Head(task.labels, first, _temperature(own, task, meant))
        if task.name in _VOTED_ON:
            labels = np.full(len(examples), -1, np.int64)
            labels[task.rows] = task.truth
            voters[task.name] = Voters.of(labels, len(task.labels))
        columns.append(fitted.weights)
        biases.append(fitted.bias)
        first += len(task.labels)
    report("fitting heads", len(tasks), len(tasks))
    weights = np.concatenate(columns, axis=1).astype(np.float32)
    split = vectors.shape[1]
    return Heads(
        encoder.fingerprint,
        heads,
        mean,
        weights[:split] * np.float32(scale),
        features,
        weights[split:] * np.float32(_SPELLING),
        np.concatenate(biases).astype(np.float32),
        Neighbours.among(vectors, voters) if voters else None,
        tuple(places_of(heads[_WITH_NEIGHBOURS].labels).tolist()) if _WITH_NEIGHBOURS in heads else (),
    )


def fit_binary(
    name: str, labels: tuple[str, str], texts: Sequence[str], truth: Indices, encoder: Encoder, *,
    meaning: float, spelling: float, pull: float,
) -> Heads:  # fmt: skip
    """Heads with one question that has two answers; `truth` (texts,) holds 0 and 1."""
    vectors = _encode(texts, encoder, lambda doing, done, total: None)
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    scale = meaning / max(float(np.sqrt((centred**2).sum(axis=1).mean())), 1e-6)
    features = vocabulary(texts)
    table = Table(np.asarray(centred * scale, np.float32), _counted(texts, features, spelling))
    fitted = fit(table, truth, np.eye(2), pull)
    logits = np.zeros((len(table), 2))
    for kept, left in folds(len(table)):
        logits[left] = fit(table.rows(kept), truth[kept], np.eye(2), pull).logits(table.rows(left))
    weights, split = fitted.weights.astype(np.float32), vectors.shape[1]
    return Heads(
        encoder.fingerprint,
        {name: Head(labels, 0, temperature(logits, truth))},
        mean,
        weights[:split] * np.float32(scale),
        features,
        weights[split:] * np.float32(spelling),
        fitted.bias.astype(np.float32),
    )


def _temperature(table: Table, task: _Task, vectors: Vectors | None) -> float:
    """By cross-fitting; `vectors` of the examples where neighbours have a say."""
    logits = np.zeros((len(table), len(task.labels)))
    for kept, left in folds(len(table)):
        fitted = fit(table.rows(kept), task.truth[kept], task.parts, _PULL)
        logits[left] = fitted.logits(table.rows(left))
        if vectors is not None:
            voters = Voters.of(task.truth[kept], len(task.labels))
            neighbours = Neighbours.among(vectors[kept], {task.name: voters})
            votes = neighbours.votes(vectors[left])[task.name]
            logits[left] = joined(logits[left].astype(np.float32), votes, kin_of(task.labels))
    return temperature(logits, task.truth)


def _encode(texts: Sequence[str], encoder: Encoder, report: Progress) -> Vectors:
    vectors = np.empty((len(texts), encoder.dimensions), np.float32)
    by_length = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    for start in range(0, len(texts), _AT_ONCE):
        report("encoding labelled messages", start, len(texts))
        rows = by_length[start : start + _AT_ONCE]
        vectors[rows] = encoder.encode_questions([texts[row] for row in rows])
    report("encoding labelled messages", len(texts), len(texts))
    return vectors


def _counted(texts: Sequence[str], features: Sequence[str], weight: float) -> sparse.csr_matrix:
    """Each text's features in a row of length `weight`, as `Heads.read` sees them."""
    place = {feature: number for number, feature in enumerate(features)}
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        found = [place[feature] for feature in features_of(text) if feature in place]
        columns += found
        values += [weight / max(len(found), 1) ** 0.5] * len(found)
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(texts), len(features)), dtype=np.float32)


def _tasks(examples: Sequence[Example]) -> list[_Task]:
    topics = topics_of(examples)
    wishes = {example.text for example in examples if example.wants_human}
    return [
        _task("emotion", EMOTIONS, np.eye(len(EMOTIONS)), [example.emotion for example in examples]),
        _task("openness", ("annoyed", "open"), np.eye(2), [_openness(example) for example in examples]),
        _task("urgency", URGENCIES, np.eye(len(URGENCIES)), [example.urgency for example in examples]),
        _task("wish", ("no", "yes"), np.eye(2), ["yes" if example.text in wishes else "no" for example in examples]),
        _task("topic", topics, _shared(topics), [example.topic for example in examples]),
    ]


def _task(name: str, labels: Sequence[str], parts: Floats, given: Sequence[str | None]) -> _Task:
    rows = np.array([row for row, label in enumerate(given) if label is not None], np.int64)
    truth = np.array([labels.index(label) for label in given if label is not None], np.int64)
    there = sorted(set(truth.tolist()))  # a label without examples cannot be told
    return _Task(name, tuple(labels[place] for place in there), parts[there], rows, np.searchsorted(there, truth))


def _openness(example: Example) -> str | None:
    if example.emotion != "angry" or example.is_open is None:
        return None
    return "open" if example.is_open else "annoyed"


def _shared(topics: Sequence[str]) -> NDArray[np.float64]:
    first, second = kin_of(topics)
    return np.hstack(
        [np.eye(first.max() + 1)[first], np.eye(second.max() + 1)[second], _OWN_SHARE * np.eye(len(topics))]
    )
