"""A small head that hears promises in what agents write: fitted from labelled sentences, kept beside the prepared
models; reads no times."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from models.encoder import Encoder
from models.heads.examples import FaultyExamples
from models.heads.heads import Heads, UnusableHeads

#: Written for this project, see docs/developers.md.
SHIPPED = Path(__file__).resolve().parent / "promises" / "train.jsonl"
NAME = "promise"
YES = "yes"

# Grows whenever the same sentences would give another head.
_RECIPE = 1
# How much meaning and spelling weigh against the pull towards zero; chosen by cross-fitting on the shipped sentences.
_MEANING = 3.0
_SPELLING = 3.0
_PULL = 0.5


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    promises: bool
    due: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One labelled sentence of an agent; `due` is the moment that it names, ISO, where that is known."""

    text: str
    promises: bool
    due: str | None


def read_sentences(path: Path) -> list[Sentence]:
    """Every line of a JSONL file; raises `FaultyExamples` for what is not such a line."""
    sentences = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            one = msgspec.json.decode(line, type=_Line)
        except msgspec.DecodeError as error:
            raise FaultyExamples(f"{path}:{number}: {error}") from error
        sentences.append(Sentence(one.text, one.promises, one.due))
    return sentences


def promise_head(encoder: Encoder, cache: Path) -> Heads:
    """The head for this encoder, with the one question `NAME`; fitted in some seconds where it is not kept yet."""
    path = path_of(encoder.fingerprint, cache)
    with contextlib.suppress(FileNotFoundError, UnusableHeads):
        return Heads.load(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = fit_promises(read_sentences(SHIPPED), encoder)
    head.save(path)
    return head


def fit_promises(sentences: Sequence[Sentence], encoder: Encoder) -> Heads:
    """A head from labelled sentences; the same ones and the same encoder give the same head."""
    from models.heads.fitting import fit_binary  # SciPy: only when there is work for it

    texts = [sentence.text for sentence in sentences]
    truth = np.array([int(sentence.promises) for sentence in sentences], np.int64)
    return fit_binary(NAME, ("no", YES), texts, truth, encoder, meaning=_MEANING, spelling=_SPELLING, pull=_PULL)


def path_of(fingerprint: str, cache: Path) -> Path:
    """Where the head for an encoder is kept once it is fitted."""
    digest = hashlib.sha256(str(_RECIPE).encode() + SHIPPED.read_bytes()).hexdigest()[:16]
    return cache / "heads" / f"promise-{fingerprint}-{digest}.npz"
