"""Tunes copies of some layers of an encoder on labelled messages, by small factors added to their weights (LoRA, Hu et
al. 2021, arXiv:2106.09685); refuses nothing. Imports torch: only training may import it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from torch.nn.functional import cross_entropy
from torch.nn.utils.parametrize import register_parametrization

from models.heads.labels import kin_of
from models.text import normalised
from models.topics.layers import TopicLayers, layers_of, linear_maps
from models.topics.shipped import About, Tuned

Progress = Callable[[str, int, int], None]
Floats = NDArray[np.float32]

_READ_AT_ONCE = 64
_ALIKE = 8  # batches whose texts are sorted by length together
_WARM_UP = 0.1  # of the steps
_LARGEST_STEP = 1.0  # norm of the gradient
_KIN = 0.3  # how much the first level, and the second, weigh beside both together
_DROPPED = 0.1  # of what the head sees


@dataclass(frozen=True, slots=True)
class TopicTuning:
    """What is tuned and how carefully; chosen on a fifth of the shipped messages left out and on the development
    messages (docs/answering.md)."""

    first: int = 8  # the layers below are the encoder's own
    layers: int = 4
    rank: int = 64  # of each factor
    epochs: int = 7
    batch: int = 32
    learning_rate: float = 2e-3
    head_rate: float = 8e-3
    weight_decay: float = 0.01
    max_tokens: int = 128
    seed: int = 1


class States:
    """What the lower layers make of texts, remembered: they are never tuned."""

    def __init__(self, model: SentenceTransformer, prompt: str, how: TopicTuning) -> None:
        self._model = model
        self._prompt = prompt
        self._how = how
        self._known: dict[str, torch.Tensor] = {}

    @property
    def dimensions(self) -> int:
        """Length of a state of one token."""
        return int(next(iter(self._known.values())).shape[1])

    def remember(self, texts: Sequence[str], progress: Progress) -> None:
        """Reads texts that are not known yet, alike lengths together."""
        inner: Any = self._model[0].auto_model
        waiting = sorted({text for text in texts if text not in self._known}, key=len)
        with torch.no_grad():
            for start in range(0, len(waiting), _READ_AT_ONCE):
                batch = waiting[start : start + _READ_AT_ONCE]
                words: Any = self._model.tokenizer(
                    [self._prompt + normalised(text) for text in batch],
                    padding=True, truncation=True, max_length=self._how.max_tokens, return_tensors="pt",
                )  # fmt: skip
                mask = words["attention_mask"]
                seen = inner(input_ids=words["input_ids"], attention_mask=mask, output_hidden_states=True)
                for text, state, own in zip(batch, seen.hidden_states[self._how.first], mask, strict=True):
                    self._known[text] = state[: int(own.sum())].clone()
                progress("reading messages", start + len(batch), len(waiting))

    def of(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Padded states and their mask."""
        states = [self._known[text] for text in texts]
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones(len(state)) for state in states], batch_first=True)
        return torch.nn.utils.rnn.pad_sequence(states, batch_first=True), mask

    def length(self, text: str) -> int:
        return len(self._known[text])


def tune_topics(
    states: States, model: SentenceTransformer, examples: Sequence[tuple[str, str]], weights_sha256: str,
    how: TopicTuning, progress: Progress,
) -> Tuned:  # fmt: skip
    """From texts, all remembered, each with its topic; the temperature is 1 until somebody has measured it."""
    torch.manual_seed(how.seed)
    labels = tuple(sorted({topic for _, topic in examples}))
    place = {label: number for number, label in enumerate(labels)}
    own = layers_of(model)[how.first : how.first + how.layers]
    made = TopicLayers(own, states.dimensions, len(labels))
    factors = list(_factored(made, how.rank))
    texts = [text for text, _ in examples]
    _descend(made, factors, states, texts, torch.tensor([place[topic] for _, topic in examples]), labels, how, progress)
    arrays = dict(_arrays(made))
    about = About(labels=labels, weights_sha256=weights_sha256, first=how.first, layers=how.layers, temperature=1.0)
    return Tuned(about, arrays, "")


def log_chances(made: TopicLayers, states: States, texts: Sequence[str]) -> Floats:
    """What the layers say of remembered texts, shape (texts, labels)."""
    said = np.zeros((len(texts), made.head.out_features), np.float32)
    order = sorted(range(len(texts)), key=lambda row: states.length(texts[row]))
    made.eval()
    with torch.no_grad():
        for start in range(0, len(order), _READ_AT_ONCE):
            rows = order[start : start + _READ_AT_ONCE]
            said[rows] = made(*states.of([texts[row] for row in rows])).numpy()
    return said


class _Factor(torch.nn.Module):
    """A weight with a product of two small matrices added."""

    def __init__(self, weight: torch.Tensor, rank: int) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        self.down = torch.nn.Parameter(torch.randn(rank, inputs) / math.sqrt(inputs))
        self.up = torch.nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + self.up @ self.down


def _factored(made: TopicLayers, rank: int) -> Iterator[torch.nn.Parameter]:
    for weights in made.layers.parameters():
        weights.requires_grad = False
    for _, linear in list(linear_maps(made.layers)):
        factor = _Factor(linear.weight, rank)
        register_parametrization(linear, "weight", factor)
        yield from factor.parameters()


def _arrays(made: TopicLayers) -> Iterator[tuple[str, Floats]]:
    for name, linear in linear_maps(made.layers):
        factor: Any = linear.parametrizations["weight"][0]  # type: ignore[index]
        yield f"{name}.down", factor.down.detach().numpy()
        yield f"{name}.up", factor.up.detach().numpy()
    yield "head.weight", made.head.weight.detach().numpy()
    yield "head.bias", made.head.bias.detach().numpy()


def _descend(
    made: TopicLayers, factors: Sequence[torch.nn.Parameter], states: States, texts: Sequence[str],
    truth: torch.Tensor, labels: tuple[str, ...], how: TopicTuning, progress: Progress,
) -> None:  # fmt: skip
    chance = random.Random(how.seed)
    rates = (how.learning_rate, how.head_rate)
    optimiser = torch.optim.AdamW(
        [{"params": list(factors), "lr": rates[0]}, {"params": list(made.head.parameters()), "lr": rates[1]}],
        weight_decay=how.weight_decay,
    )
    families = [torch.eye(int(family.max()) + 1)[family] for family in map(torch.from_numpy, kin_of(labels))]
    total = how.epochs * math.ceil(len(texts) / how.batch)
    step = 0
    made.train()
    for _ in range(how.epochs):
        for rows in _batches(texts, states, how.batch, chance):
            step += 1
            share = min(step / (_WARM_UP * total), max(0.0, (total + 1 - step) / ((1 - _WARM_UP) * total)))
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * share
            with torch.autocast("cpu", torch.bfloat16):  # three times as fast where the processor has it, no worse
                means = made.means(*states.of([texts[row] for row in rows]))
            logits = made.head(torch.nn.functional.dropout(means.float(), _DROPPED))
            loss = cross_entropy(logits, truth[rows])
            chances = torch.softmax(logits, dim=-1)
            for members in families:
                kin = (chances @ members @ members.T).gather(1, truth[rows][:, None])
                loss = loss - _KIN * torch.log(kin + 1e-6).mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*factors, *made.head.parameters()], _LARGEST_STEP)
            optimiser.step()
            progress("tuning", step, total)
    made.eval()


def _batches(texts: Sequence[str], states: States, size: int, chance: random.Random) -> Iterator[list[int]]:
    """Every text once, alike lengths together, in chance order."""
    order = list(range(len(texts)))
    chance.shuffle(order)
    batches = []
    for start in range(0, len(order), size * _ALIKE):
        chunk = sorted(order[start : start + size * _ALIKE], key=lambda row: states.length(texts[row]))
        batches += [chunk[first : first + size] for first in range(0, len(chunk), size)]
    chance.shuffle(batches)
    yield from batches
