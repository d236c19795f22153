"""The encoder that serves: an exported sentence-transformers model run by ONNX Runtime, without torch or transformers;
refuses a folder whose files are not the ones that were prepared."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.encoder import ModelUnavailable, Vectors
from models.manifest import (
    GRAPH,
    PIECES,
    TOKENIZER,
    TOPICS,
    UPPER,
    UPPER_RECIPE,
    UPPER_WEIGHTS,
    Manifest,
    read_manifest,
)
from models.sessions import open_session
from models.text import normalised
from models.topics.shipped import shipped
from models.upper.graph import UpperLayers
from models.upper.weights import UpperWeights, read
from models.word_pieces import WordPieces

Kind = Literal["question", "passage"]

# One more call of the graph costs about as much as this many tokens of padding (measured: 1.9 ms, 0.18 ms a token).
_CALL_COST_TOKENS = 12
# From here on a call takes longer for each token: what it computes leaves the core's own cache.
_CALL_TOKENS = 320
# The longest token of the common vocabularies has 16 characters: text beyond that many for each token is cut anyway.
_CHARACTERS_PER_TOKEN = 16


class OnnxEncoder:
    """Unit vectors from the folder that `models.prepare` made; pooling and normalisation are part of the graph.

    Raises ModelUnavailable where the folder is missing, damaged or not loadable.
    """

    def __init__(
        self, folder: Path, *, threads: int = 1, max_tokens: int = 128, batch: int = 32, reads_topics: bool = True
    ) -> None:
        manifest = read_manifest(folder)
        self.name = manifest.name
        self.dimensions = manifest.dimensions
        tokens = min(max_tokens, manifest.position_limit)
        self.fingerprint = manifest.fingerprint(tokens)
        self._question_prompt = manifest.question_prompt
        self._passage_prompt = manifest.passage_prompt
        self._pad_id = manifest.pad_id
        self._batch = batch
        self._folder = folder
        self._threads = threads
        self._integers = manifest.precision != "fp32"
        #: Whether layers of it can be tuned on a knowledge base.
        self.is_tunable = manifest.upper == UPPER_RECIPE
        self._max_characters = tokens * _CHARACTERS_PER_TOKEN
        self._ids = _word_pieces(folder, manifest, tokens) or _tokenizer(folder, tokens)
        self._session = _session(folder / GRAPH, threads)
        #: Says topics from what the lower layers make of a text, where this version's tuned layers were prepared.
        has_topics = reads_topics and bool(manifest.topics) and manifest.topics == shipped().digest
        self._topics = (_topics(folder, threads),) if has_topics else ()

    @property
    def base(self) -> "OnnxEncoder":
        """It is what others are tuned from."""
        return self

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of customers' questions, shape `(len(texts), dimensions)`."""
        return self._encode(self._question_prompt, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is to be found, shape `(len(texts), dimensions)`."""
        return self._encode(self._passage_prompt, texts)

    def encode_turns(self, texts: Sequence[str]) -> Vectors:
        """The same as `encode_questions`."""
        return self.encode_questions(texts)

    def encode_messages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, with what the tuned layers say of their topics beside each."""
        return self._encode(self._question_prompt, texts, *self._topics)

    def joined(self, kind: Kind, texts: Sequence[str], upper: UpperLayers, *, whole: bool = False) -> Vectors:
        """Vectors, and after each what other upper layers make of the same text; `whole`: then what is said of its
        topic, too."""
        tuned = _Beside(upper.dimensions, upper.vectors)
        return self._encode(self._prompt(kind), texts, tuned, *(self._topics if whole else ()))

    def states(self, kind: Kind, texts: Sequence[str]) -> list[Vectors]:
        """What the upper layers read of each text, shape (tokens, width of a state); of a tunable encoder."""
        tokens = self._tokens(self._prompt(kind), texts)
        found: dict[int, Vectors] = {}
        for rows in batches_by_length([len(ids) for ids in tokens], self._batch):
            given = self._given([tokens[row] for row in rows])
            for row, states in zip(rows, self._session.run(["states"], given)[0], strict=True):
                found[row] = states[: len(tokens[row])].copy()
        return [found[row] for row in range(len(texts))]

    def upper_weights(self) -> UpperWeights:
        """The model's own weights of the layers that can be tuned; raises `ModelUnavailable` where there are none."""
        return read(self._folder / UPPER_WEIGHTS)

    def upper_layers(self, weights: UpperWeights) -> UpperLayers:
        """Those layers with other weights; raises `ModelUnavailable` for some that do not fit."""
        return UpperLayers(self._folder / UPPER, weights, self._threads, integers=self._integers)

    def _prompt(self, kind: Kind) -> str:
        return self._question_prompt if kind == "question" else self._passage_prompt

    def _tokens(self, prompt: str, texts: Sequence[str]) -> list[list[int]]:
        return [self._ids(prompt + normalised(text)[: self._max_characters]) for text in texts]

    def _encode(self, prompt: str, texts: Sequence[str], *beside: "_Beside") -> Vectors:
        tokens = self._tokens(prompt, texts)
        vectors = np.empty((len(texts), self.dimensions + sum(each.width for each in beside)), dtype=np.float32)
        for rows in batches_by_length([len(ids) for ids in tokens], self._batch):
            vectors[rows] = self._run([tokens[row] for row in rows], beside)
        return vectors

    def _run(self, tokens: list[list[int]], beside: Sequence["_Beside"]) -> Vectors:
        given = self._given(tokens)
        if not beside:
            vectors: Vectors = self._session.run(["vectors"], given)[0]
            return vectors
        vectors, states = self._session.run(["vectors", "states"], given)
        further = [each.of(states, given["attention_mask"]) for each in beside]
        return np.concatenate([vectors, *further], axis=1)

    def _given(self, tokens: list[list[int]]) -> dict[str, NDArray[np.int64]]:
        longest = max(map(len, tokens))
        input_ids = np.full((len(tokens), longest), self._pad_id, dtype=np.int64)
        attention_mask = np.zeros((len(tokens), longest), dtype=np.int64)
        for row, ids in enumerate(tokens):
            input_ids[row, : len(ids)] = ids
            attention_mask[row, : len(ids)] = 1
        return {"input_ids": input_ids, "attention_mask": attention_mask}


@dataclass(frozen=True, slots=True)
class _Beside:
    """What else is said of texts, from the states (texts, tokens, …) of a layer and their mask; a row for each."""

    width: int
    of: Callable[[Vectors, NDArray[np.int64]], Vectors]


def _topics(folder: Path, threads: int) -> _Beside:
    session = _session(folder / TOPICS, threads)

    def said(states: Vectors, attention_mask: NDArray[np.int64]) -> Vectors:
        found: Vectors = session.run(["topics"], {"states": states, "attention_mask": attention_mask})[0]
        return found

    return _Beside(len(shipped().about.labels), said)


def batches_by_length(lengths: Sequence[int], largest: int) -> Iterator[list[int]]:
    """Positions of `lengths`, shortest first, cut where padding on would cost more than another call."""
    batch: list[int] = []
    padding = longest = 0
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        more = len(batch) * (lengths[position] - longest)
        is_full = len(batch) == largest or (len(batch) + 1) * lengths[position] > _CALL_TOKENS
        if batch and (is_full or padding + more > _CALL_COST_TOKENS):
            yield batch
            batch, padding, more = [], 0, 0
        padding += more
        longest = lengths[position]
        batch.append(position)
    if batch:
        yield batch


def _word_pieces(folder: Path, manifest: Manifest, limit: int) -> Callable[[str], list[int]] | None:
    if all(file.path != PIECES for file in manifest.files):
        return None
    return WordPieces(folder / PIECES, limit).ids


def _tokenizer(folder: Path, limit: int) -> Callable[[str], list[int]]:
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(limit)
    return lambda text: tokenizer.encode(text).ids


def _session(graph: Path, threads: int) -> ort.InferenceSession:
    try:
        return open_session(graph, threads)
    except (RuntimeError, ValueError) as error:
        raise ModelUnavailable(f"{graph} cannot be loaded: {str(error).splitlines()[0]}") from error
