"""The fitted heads as served: one text and its vector in, probabilities out; plain arrays, no SciPy, no training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from models.heads.labels import kin_of
from models.heads.neighbours import Neighbours, Voters, joined
from models.heads.spelling import features_of
from models.topics.advice import advised

Floats = NDArray[np.float32]

_FORMAT = 4
_JOINED = "topic"  # the head whose word is joined with that of the nearest labelled messages


class UnusableHeads(Exception):
    """A file does not hold heads, or not of this version."""


@dataclass(frozen=True, slots=True)
class Head:
    """One question put to a text: its labels, and which columns of the shared weights answer it."""

    labels: tuple[str, ...]
    first: int
    temperature: float

    @property
    def columns(self) -> slice:
        return slice(self.first, self.first + len(self.labels))


@dataclass(frozen=True, slots=True)
class Opinion:
    """The probabilities of one head for one text; they add up to one."""

    labels: tuple[str, ...]
    chances: Floats
    #: What the nearest labelled messages say by themselves, where they are asked.
    votes: Floats | None = None

    @property
    def best(self) -> tuple[str, float]:
        """The likeliest label with its probability."""
        place = int(self.chances.argmax())
        return self.labels[place], float(self.chances[place])

    def of(self, label: str) -> float:
        """The probability of one label; 0 for one that the head does not know."""
        return float(self.chances[self.labels.index(label)]) if label in self.labels else 0.0

    def votes_for(self, label: str) -> float:
        """The share of the votes for one label; 0 where nobody is asked."""
        if self.votes is None or label not in self.labels:
            return 0.0
        return float(self.votes[self.labels.index(label)])


class Heads:
    """Fitted for one encoder; vectors of another one mean nothing to it."""

    def __init__(
        self,
        fingerprint: str,
        heads: Mapping[str, Head],
        mean: Floats,
        dense: Floats,
        features: tuple[str, ...],
        counts: Floats,
        bias: Floats,
        neighbours: Neighbours | None = None,
        advice: tuple[int, ...] = (),
    ) -> None:
        """`dense` (dimensions, columns), `counts` (features, columns), `bias` (columns,); `heads` in the order of their
        columns; `advice`: for each topic its column in what an encoder says of topics, negative where it has none."""
        self.fingerprint = fingerprint
        self._heads = dict(heads)
        self._mean = mean
        self._dense = dense
        self._features = features
        self._counts = counts
        self._bias = bias
        self._neighbours = neighbours
        self._advice = np.array(advice, np.int64)
        self._place = {feature: place for place, feature in enumerate(features)}
        self._starts = np.array([head.first for head in heads.values()], np.int64)
        self._sizes = np.array([len(head.labels) for head in heads.values()], np.int64)
        temperatures = np.array([head.temperature for head in heads.values()], np.float32)
        self._temperatures = np.repeat(temperatures, self._sizes)  # one a column
        self._kin = kin_of(heads[_JOINED].labels) if _JOINED in heads else ()

    def read(self, text: str, vector: Floats) -> dict[str, Opinion]:
        """What each head thinks of a text; `vector` is a row of `Encoder.encode_messages`, its own or a near text's."""
        return self.read_all([text], vector[None])[0]

    def read_all(self, texts: Sequence[str], vectors: Floats) -> list[dict[str, Opinion]]:
        """The same for some texts at once; what the encoder says of topics may be missing in every row."""
        vectors, told = vectors[:, : len(self._mean)], vectors[:, len(self._mean) :]
        logits = np.asarray((vectors - self._mean) @ self._dense + self._bias, np.float32)
        logits += self._spelt(texts, slice(None))
        votes = self._neighbours.votes(vectors) if self._neighbours is not None else {}
        if _JOINED in votes:
            columns = self._heads[_JOINED].columns
            logits[:, columns] = joined(logits[:, columns], votes[_JOINED], self._kin)
        if told.size and len(self._advice):
            head = self._heads[_JOINED]
            logits[:, head.columns] = advised(logits[:, head.columns], head.temperature, told, self._advice)
        chances = self._chances(logits)
        return [
            {
                name: Opinion(head.labels, own[head.columns], votes[name][row] if name in votes else None)
                for name, head in self._heads.items()
            }
            for row, own in enumerate(chances)
        ]

    def _chances(self, logits: Floats) -> Floats:
        """The softmax of each head by itself, all at once."""
        own = logits / self._temperatures
        own -= np.repeat(np.maximum.reduceat(own, self._starts, axis=1), self._sizes, axis=1)
        np.exp(own, out=own)
        sums = np.repeat(np.add.reduceat(own, self._starts, axis=1), self._sizes, axis=1)
        return np.asarray(own / sums, np.float32)

    def read_parts(self, name: str, parts: Sequence[str], vectors: Floats) -> list[Opinion]:
        """What one head thinks of parts of texts; `vectors` are the whole texts', one a part."""
        head = self._heads[name]
        vectors = vectors[:, : len(self._mean)]
        own = np.asarray((vectors - self._mean) @ self._dense[:, head.columns] + self._bias[head.columns], np.float32)
        own = (own + self._spelt(parts, head.columns)) / np.float32(head.temperature)
        chances = np.exp(own - own.max(axis=1, keepdims=True))
        chances = np.asarray(chances / chances.sum(axis=1, keepdims=True), np.float32)
        return [Opinion(head.labels, row) for row in chances]

    def _spelt(self, texts: Sequence[str], columns: slice) -> Floats:
        """What the spelling adds to the logits, a row for each text."""
        known = self._place.get
        found = [[place for place in map(known, features_of(text)) if place is not None] for text in texts]
        lengths = np.array([len(places) for places in found])
        added = np.zeros((len(texts), len(range(*columns.indices(self._counts.shape[1])))), np.float32)
        spelt = np.flatnonzero(lengths)
        if len(spelt):
            counts = self._counts[np.concatenate([found[row] for row in spelt]), columns]
            begins = np.cumsum(lengths[spelt]) - lengths[spelt]
            added[spelt] = np.add.reduceat(counts, begins, axis=0) / np.sqrt(lengths[spelt], dtype=np.float32)[:, None]
        return added

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that can be told apart."""
        return tuple(label for label in self._heads["topic"].labels if label) if "topic" in self._heads else ()

    def save(self, path: Path) -> None:
        """Writes one file, whole or not at all."""
        about = {
            "format": _FORMAT,
            "fingerprint": self.fingerprint,
            "heads": {
                name: {"labels": head.labels, "first": head.first, "temperature": head.temperature}
                for name, head in self._heads.items()
            },
            "features": self._features,
            "advice": self._advice.tolist(),
        }
        unfinished = path.with_name(f".{path.name}.new")
        with unfinished.open("wb") as file:
            np.savez(
                file,
                about=np.frombuffer(msgspec.json.encode(about), np.uint8),
                mean=self._mean,
                dense=self._dense,
                counts=self._counts.astype(np.float16),
                bias=self._bias,
                **({} if self._neighbours is None else _stored(self._neighbours)),
            )
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> Heads:
        """Raises `UnusableHeads` for what `save` did not write, FileNotFoundError where nothing is."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                about = msgspec.json.decode(stored["about"].tobytes())
                if about["format"] != _FORMAT:
                    raise UnusableHeads(f"{path} was written by another version")
                heads = {
                    name: Head(tuple(head["labels"]), int(head["first"]), float(head["temperature"]))
                    for name, head in about["heads"].items()
                }
                return cls(
                    about["fingerprint"],
                    heads,
                    stored["mean"],
                    stored["dense"],
                    tuple(about["features"]),
                    stored["counts"].astype(np.float32),
                    stored["bias"],
                    _neighbours(stored),
                    tuple(about["advice"]),
                )
        except (ValueError, KeyError, TypeError, EOFError, msgspec.DecodeError) as error:
            raise UnusableHeads(f"{path} does not hold heads: {error}") from error


def _stored(neighbours: Neighbours) -> dict[str, Any]:
    voters = neighbours.voters
    labels = np.full((len(voters), len(neighbours.anchors)), -1, np.int16)
    for row, own in zip(labels, voters.values(), strict=True):
        row[own.rows] = own.labels
    about = {name: own.classes for name, own in voters.items()}
    return {
        "voting_mean": neighbours.mean,
        "voting_directions": neighbours.directions,
        "voting_anchors": neighbours.anchors.astype(np.float16),
        "voting_labels": labels,
        "voting_about": np.frombuffer(msgspec.json.encode(about), np.uint8),
    }


def _neighbours(stored: Mapping[str, NDArray[Any]]) -> Neighbours | None:
    if "voting_about" not in stored:
        return None
    about: dict[str, int] = msgspec.json.decode(stored["voting_about"].tobytes())
    labels = stored["voting_labels"].astype(np.int64)
    # Who votes on the first question only, on both, on the second only: so the voters on each stand side by side.
    order = np.argsort(np.diff((labels >= 0).astype(np.int8), axis=0).sum(axis=0), kind="stable")
    labels = labels[:, order]
    return Neighbours(
        stored["voting_mean"],
        stored["voting_directions"],
        stored["voting_anchors"][order].astype(np.float32),
        {name: Voters.of(row, classes) for row, (name, classes) in zip(labels, about.items(), strict=True)},
    )
