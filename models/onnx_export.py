"""Turns any sentence-transformers model into an ONNX graph from token ids to unit vectors; refuses one whose vectors
differ from the original's. Imports torch: only preparation and training may import it."""

import contextlib
import hashlib
import io
import logging
import os
import shutil
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from models.encoder import ModelUnavailable, Vectors
from models.text import normalised
from models.topics.layers import with_shipped
from models.topics.shipped import shipped
from models.upper.template import first_of

PROBES = (
    "怎么把甘特图导出成图片？",
    "How do I export the Gantt chart as a picture?",
    "登录",
    "ガントチャートを画像として書き出すには？",
    "项目经理在新建迭代的时候，提示没有权限，但是我已经把他加进项目成员里面了，重新登录也不行，请问是哪里没有设置对？"
    * 2,
)


#: A text as the graph reads it: ids and their mask.
Tokens = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Exported:
    """What the export learnt of the model."""

    dimensions: int
    position_limit: int
    pad_id: int
    question_prompt: str
    passage_prompt: str
    pooling: str
    weights_sha256: str
    topics: str  # digest of the tuned layers that were written, if they fit
    states_of: int | None  # the layer whose states the graph gives too; those from there on may be tuned


class _TextToVector(torch.nn.Module):
    """All modules of a sentence-transformers model (transformer, pooling, dense, …) and a last normalisation."""

    def __init__(self, model: SentenceTransformer, *, has_token_types: bool, states_of: int | None) -> None:
        """`states_of`: the layer that also gives what goes into it."""
        super().__init__()
        self._stages = torch.nn.ModuleList(model.children())
        self._has_token_types = has_token_types
        self._states_of = states_of

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        if self._has_token_types:
            features["token_type_ids"] = torch.zeros_like(input_ids)
        for stage in self._stages:
            features = stage(features)
        vectors = torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)
        return vectors if self._states_of is None else (vectors, features["all_layer_embeddings"][self._states_of])


def open_model(source: str) -> SentenceTransformer:
    """A sentence-transformers model from a folder or by its hub name; raises ModelUnavailable."""
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "30")
    os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", "10")
    for talkative in ("sentence_transformers", "torch.onnx", "torch.export"):
        logging.getLogger(talkative).setLevel(logging.ERROR)
    if Path(source).is_dir():
        disable_progress_bar()  # type: ignore[no-untyped-call]  # a hub download keeps its bars
    try:
        # Plain attention: the same figures as the fused kernel, and a graph with a quarter fewer nodes.
        model = SentenceTransformer(source, device="cpu", model_kwargs={"attn_implementation": "eager"})
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        reason = str(error).split("\n")[0].split(". ")[0]
        raise ModelUnavailable(
            f"{source} cannot be opened ({reason}); connect to the hub or name a sentence-transformers folder"
        ) from error
    return model.float().eval()


def export(
    model: SentenceTransformer, source: str, graph: Path, topics: Path, tokenizer: Path,
    prompts: tuple[str, str] | None,
) -> Exported:  # fmt: skip
    """Writes the graph, its weights beside it, the tokenizer and, for the model that they were tuned on, the layers
    that tell `topics`; `prompts` (question, passage) replace its own."""
    _write_tokenizer(model, source, tokenizer)
    weights_sha256 = _weights_sha256(model)
    about = shipped().about
    has_topics = about.weights_sha256 == weights_sha256
    states_of = about.first if has_topics else first_of(model)
    _export_graph(model, graph, states_of=states_of)
    if has_topics:
        _export_topics(model, topics)
    question, passage = prompts if prompts is not None else _own_prompts(model)
    return Exported(
        dimensions=_dimensions(model),
        position_limit=int(model.max_seq_length or model.tokenizer.model_max_length),
        pad_id=int(model.tokenizer.pad_token_id or 0),
        question_prompt=question,
        passage_prompt=passage,
        pooling=_pooling(model),
        weights_sha256=weights_sha256,
        topics=shipped().digest if has_topics else "",
        states_of=states_of,
    )


def reference_vectors(model: SentenceTransformer, prompt: str, texts: tuple[str, ...] = PROBES) -> Vectors:
    """The original's own unit vectors of `texts`, written in the form in which every encoder here reads them."""
    written = [normalised(text) for text in texts]
    vectors: Vectors = model.encode(written, prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
    return vectors


def probe_tokens(model: SentenceTransformer, prompt: str) -> list[Tokens]:
    """The probes as the graph reads them, each alone."""
    encoded = (model.tokenizer([prompt + normalised(text)], truncation=True) for text in PROBES)
    return [
        {name: np.array(each[name], dtype=np.int64) for name in ("input_ids", "attention_mask")} for each in encoded
    ]


def probe_states(graph: Path, probes: Sequence[Tokens]) -> list[dict[str, NDArray[Any]]]:
    """The probes as layers above read them, from the graph that gives their states."""
    session = ort.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    return [
        {"states": session.run(["states"], dict(probe))[0], "attention_mask": probe["attention_mask"]}
        for probe in probes
    ]


def mean_states(model: SentenceTransformer, probes: Sequence[Tokens]) -> Vectors:
    """The probes' mean over the tokens of what comes out of the last layer, as unit vectors."""
    inner: Any = model[0].auto_model
    means = []
    for probe in probes:
        with torch.no_grad():
            hidden = inner(**{name: torch.from_numpy(array) for name, array in probe.items()}).last_hidden_state
        means.append(torch.nn.functional.normalize(hidden.mean(dim=1), dim=-1).numpy())
    return np.concatenate(means)


def agreement(model: SentenceTransformer, prompt: str, vectors: Vectors) -> float:
    """The least cosine between the probes' `vectors` and the original's."""
    return float(np.min(np.sum(reference_vectors(model, prompt) * vectors, axis=1)))


def _write_tokenizer(model: SentenceTransformer, source: str, target: Path) -> None:
    own_file = Path(source) / "tokenizer.json"
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if own_file.is_file():  # as it came: writing it anew differs from one version of transformers to the next
        shutil.copyfile(own_file, target)
    elif backend is not None:
        backend.save(str(target))
    else:
        raise ModelUnavailable("the model has no fast tokenizer (tokenizer.json), which serving needs")


def _export_graph(model: SentenceTransformer, graph: Path, *, states_of: int | None) -> None:
    has_token_types = "token_type_ids" in model.tokenizer.model_input_names or hasattr(model[0], "token_type_ids")
    wrapped = _TextToVector(model, has_token_types=has_token_types, states_of=states_of)
    input_ids = torch.full((2, 9), 5, dtype=torch.int64)
    given = {"input_ids": input_ids, "attention_mask": _mask()}
    if states_of is None:
        _write_graph(wrapped, given, ["vectors"], model, graph)
        return
    first: Any = model[0]
    first.auto_model.config.output_hidden_states = True
    try:
        _write_graph(wrapped, given, ["vectors", "states"], model, graph)
    finally:
        first.auto_model.config.output_hidden_states = False


def _export_topics(model: SentenceTransformer, graph: Path) -> None:
    """The tuned layers as a graph from states to log probabilities."""
    given = {"states": torch.zeros(2, 9, _dimensions(model)), "attention_mask": _mask()}
    _write_graph(with_shipped(model, shipped()), given, ["topics"], model, graph)


def _mask() -> torch.Tensor:
    mask = torch.ones(2, 9, dtype=torch.int64)
    mask[1, 6:] = 0
    return mask


def _write_graph(
    wrapped: torch.nn.Module, given: Mapping[str, torch.Tensor], outputs: list[str], model: SentenceTransformer,
    graph: Path,
) -> None:  # fmt: skip
    axes = {0: torch.export.Dim("texts", min=1, max=4096), 1: torch.export.Dim("tokens", min=2, max=8192)}
    if (limit := int(model.max_seq_length or 0)) > 1:
        axes[1] = torch.export.Dim("tokens", min=2, max=limit)
    with torch.no_grad(), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            wrapped,
            tuple(given.values()),
            str(graph),
            input_names=list(given),
            output_names=outputs,
            dynamic_shapes=tuple(axes for _ in given),
            opset_version=20,
            dynamo=True,
            external_data=True,  # weights in a file of their own are mapped, not read: 0.1 s instead of 1 s to load
            verbose=False,
        )


def _own_prompts(model: SentenceTransformer) -> tuple[str, str]:
    prompts: Mapping[str, str | None] = model.prompts or {}
    passages = (prompts.get(key) for key in ("document", "passage", "corpus"))
    return prompts.get("query") or "", next(filter(None, passages), "")


def _dimensions(model: SentenceTransformer) -> int:
    return int(model.encode(["a"], show_progress_bar=False).shape[1])


def _pooling(model: SentenceTransformer) -> str:
    """A description of everything after the transformer, for people and for the fingerprint."""
    parts = []
    for stage in list(model.children())[1:]:
        mode = getattr(stage, "pooling_mode", None)
        parts.append(str(mode) if mode else type(stage).__name__.lower())
    return "+".join(parts)


def _weights_sha256(model: SentenceTransformer) -> str:
    """Of the tensors' contents in an order of their own, since libraries rename them from version to version."""
    digests = []
    for tensor in model.state_dict().values():
        array = np.ascontiguousarray(tensor.detach().cpu().numpy())
        digests.append(hashlib.sha256(f"{array.dtype}{array.shape}".encode() + array.tobytes()).hexdigest())
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
