"""Fine-tunes an encoder so that texts of one article come near each other; refuses where there is too little to learn
from. Imports torch: only training may import it."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from models.frozen import Progress, UpperLayers
from models.onnx_export import open_model
from models.text import normalised

with warnings.catch_warnings():  # the class moved; its old place warns, its new one is not in older releases
    warnings.simplefilter("ignore", DeprecationWarning)
    from sentence_transformers.losses import MultipleNegativesRankingLoss

_PASSAGE_SHARE = 0.2  # of the positives are the article's answer
_WARM_UP = 0.1  # of the steps
_WEIGHT_DECAY = 0.01
_LARGEST_STEP = 1.0  # norm of the gradient


class TooLittleToLearn(Exception):
    """There are not two articles with texts to bring together."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What is known of one article: texts that ask for it, its answer, and texts that it does not answer."""

    texts: tuple[str, ...]
    passage: str = ""
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TuningSettings:
    """How much and how carefully; the defaults take minutes on two cores and leave most of the model as it is."""

    epochs: int = 3
    batch: int = 32
    learning_rate: float = 1e-4
    trained_layers: int = 4  # from above; word vectors and the layers below stay as they are
    max_tokens: int = 64
    seed: int = 1


#: An anchor, a text that belongs to it and one that does not, each with its prompt; the last may be empty.
_Example = tuple[str, str, str]


def tune(
    source: str, topics: Sequence[Topic], prompts: tuple[str, str], target: Path, settings: TuningSettings,
    progress: Progress,
) -> None:  # fmt: skip
    """Opens the sentence-transformers model `source`, tunes it and saves it into the folder `target`.

    `prompts`: of questions and of passages. The loss is sentence-transformers' MultipleNegativesRankingLoss: among all
    texts of a batch each text has to be nearest to one of its own article; a text that is known not to belong to its
    article goes in as a hard negative. Raises `TooLittleToLearn` and `ModelUnavailable`.
    """
    usable = [topic for topic in topics if len(topic.texts) > 1 or topic.passage]
    if len(usable) < 2:
        raise TooLittleToLearn("at least two articles with variants or answers are needed to fine-tune an encoder")
    chance = random.Random(settings.seed)
    torch.manual_seed(settings.seed)
    model = open_model(source)
    longest = model.max_seq_length
    model.max_seq_length = min(int(longest or settings.max_tokens), settings.max_tokens)
    batches = [batch for _ in range(settings.epochs) for batch in _batches(usable, prompts, settings.batch, chance)]
    upper = UpperLayers(model, settings.trained_layers)
    upper.remember([text for batch in batches for example in batch for text in example if text], progress)
    _descend(upper, MultipleNegativesRankingLoss(model), batches, settings.learning_rate, progress)
    upper.restore()
    model.max_seq_length = longest
    model.save(str(target), create_model_card=False)


def _descend(
    upper: UpperLayers, loss_of: MultipleNegativesRankingLoss, batches: Sequence[Sequence[_Example]], rate: float,
    progress: Progress,
) -> None:  # fmt: skip
    optimiser = torch.optim.AdamW(upper.weights, lr=rate, weight_decay=_WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, len(batches)))
    for number, batch in enumerate(batches, 1):
        columns = [column for column in zip(*batch, strict=True) if all(column)]
        vectors = upper.vectors([text for column in columns for text in column])
        loss = loss_of.compute_loss_from_embeddings(list(torch.split(vectors, len(batch))), torch.zeros(0))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(upper.weights, _LARGEST_STEP)
        optimiser.step()
        schedule.step()
        progress("tuning the encoder", number, len(batches))


def _batches(
    topics: Sequence[Topic], prompts: tuple[str, str], size: int, chance: random.Random
) -> Iterator[list[_Example]]:
    """Every text once as an anchor; no article twice in a batch, since its other texts would be false negatives."""
    waiting = [(number, text) for number, topic in enumerate(topics) for text in topic.texts]
    chance.shuffle(waiting)
    while waiting:
        taken: dict[int, str] = {}
        left: list[tuple[int, str]] = []
        for number, text in waiting:
            if len(taken) < size and number not in taken:
                taken[number] = text
            else:
                left.append((number, text))
        waiting = left
        if len(taken) > 1:
            hard = any(topics[number].wrong for number in taken)
            yield [_example(topics, number, text, prompts, chance, hard=hard) for number, text in taken.items()]


def _example(
    topics: Sequence[Topic], number: int, anchor: str, prompts: tuple[str, str], chance: random.Random, *, hard: bool
) -> _Example:
    """`hard`: some article of the batch has texts that are known not to be its own; the others take a chance one."""
    topic = topics[number]
    others = [text for text in topic.texts if text != anchor]
    if topic.passage and (not others or chance.random() < _PASSAGE_SHARE):
        positive = prompts[1] + normalised(topic.passage)
    else:
        positive = prompts[0] + normalised(chance.choice(others))
    if not hard:
        return prompts[0] + normalised(anchor), positive, ""
    if topic.wrong:
        negative = chance.choice(topic.wrong)
    else:
        other = chance.randrange(len(topics) - 1)
        negative = chance.choice(topics[other + (other >= number)].texts)
    return prompts[0] + normalised(anchor), positive, prompts[0] + normalised(negative)


def _rate(step: int, total: int) -> float:
    """Up over the first steps, then down to nothing."""
    warm = max(1, round(total * _WARM_UP))
    return (step + 1) / warm if step < warm else max(0.0, (total - step) / max(1, total - warm))
