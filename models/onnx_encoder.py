"""The encoder that serves: an exported sentence-transformers model run by ONNX Runtime, without torch or transformers;
refuses a folder whose files are not the ones that were prepared."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from models.encoder import ModelUnavailable, Vectors
from models.manifest import GRAPH, PIECES, TOKENIZER, TOPICS, Manifest, read_manifest
from models.text import normalised
from models.topics.shipped import shipped
from models.word_pieces import WordPieces

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
        self._max_characters = tokens * _CHARACTERS_PER_TOKEN
        self._ids = _word_pieces(folder, manifest, tokens) or _tokenizer(folder, tokens)
        self._session = _session(folder / GRAPH, threads)
        #: Says topics from what the lower layers make of a text, where this version's tuned layers were prepared.
        has_topics = reads_topics and bool(manifest.topics) and manifest.topics == shipped().digest
        self._topics = _session(folder / TOPICS, threads) if has_topics else None
        self._said = len(shipped().about.labels) if self._topics is not None else 0

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of customers' questions, shape `(len(texts), dimensions)`."""
        return self._encode(self._question_prompt, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is to be found, shape `(len(texts), dimensions)`."""
        return self._encode(self._passage_prompt, texts)

    def encode_messages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, with what the tuned layers say of their topics beside each."""
        return self._encode(self._question_prompt, texts, self._topics)

    def _encode(self, prompt: str, texts: Sequence[str], topics: ort.InferenceSession | None = None) -> Vectors:
        tokens = [self._ids(prompt + normalised(text)[: self._max_characters]) for text in texts]
        wide = self.dimensions + (self._said if topics is not None else 0)
        vectors = np.empty((len(texts), wide), dtype=np.float32)
        for rows in batches_by_length([len(ids) for ids in tokens], self._batch):
            vectors[rows] = self._run([tokens[row] for row in rows], topics)
        return vectors

    def _run(self, tokens: list[list[int]], topics: ort.InferenceSession | None) -> Vectors:
        longest = max(map(len, tokens))
        input_ids = np.full((len(tokens), longest), self._pad_id, dtype=np.int64)
        attention_mask = np.zeros((len(tokens), longest), dtype=np.int64)
        for row, ids in enumerate(tokens):
            input_ids[row, : len(ids)] = ids
            attention_mask[row, : len(ids)] = 1
        given = {"input_ids": input_ids, "attention_mask": attention_mask}
        if topics is None:
            vectors: Vectors = self._session.run(["vectors"], given)[0]
            return vectors
        vectors, states = self._session.run(["vectors", "states"], given)
        said = topics.run(["topics"], {"states": states, "attention_mask": attention_mask})[0]
        return np.concatenate([vectors, said], axis=1)


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


# Slower than what they replace (measured: 33 µs instead of 7 µs for the first, 15 rows of 384).
_SLOW_FUSIONS = ["SkipLayerNormFusion", "BiasGeluFusion"]


def _session(graph: Path, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # plans memory for shapes that come again; ours rarely do
    # Idle threads sleep instead of spinning: the core belongs to the event loop between two batches.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW_FUSIONS
        )
    except (RuntimeError, ValueError) as error:
        raise ModelUnavailable(f"{graph} cannot be loaded: {str(error).splitlines()[0]}") from error
