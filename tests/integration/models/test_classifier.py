"""A transformers model in place of a head: a real one, tiny and untrained, made here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import SignalSettings
from bot.signals import SignalReader
from models.classifier import TransformersClassifier, load_classifier
from models.encoder import ModelUnavailable
from models.heads.labels import EMOTIONS

_LABELS = ("LABEL_CALM", "LABEL_CROSS", "LABEL_FURIOUS")
_MEANINGS = {"LABEL_CALM": "neutral", "LABEL_CROSS": "angry", "LABEL_FURIOUS": "angry"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one small layer whose head always answers: furious 0.5, cross 0.3, calm 0.2."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    made = tmp_path_factory.mktemp("classifier")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"甘特图导出太差"]
    (made / "vocab.txt").write_text("\n".join(words), "utf-8")
    config = BertConfig(
        vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        id2label=dict(enumerate(_LABELS)), label2id={label: n for n, label in enumerate(_LABELS)},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    torch.nn.init.zeros_(model.classifier.weight)
    with torch.no_grad():
        model.classifier.bias.copy_(torch.tensor([0.2, 0.3, 0.5]).log())
    model.save_pretrained(made)
    AutoTokenizer.from_pretrained(made).save_pretrained(made)
    return made


@pytest.fixture
def classifier(folder: Path) -> Iterator[TransformersClassifier]:
    made = load_classifier("signals.emotion_model", str(folder), _MEANINGS, EMOTIONS)
    yield made
    made.close()


async def test_labels_that_mean_the_same_add_up(classifier: TransformersClassifier) -> None:
    opinion = await classifier.read("甘特图太差")
    assert opinion.of("angry") == pytest.approx(0.8, abs=0.01)
    assert opinion.of("neutral") == pytest.approx(0.2, abs=0.01)


async def test_the_model_judges_in_the_place_of_the_head(classifier: TransformersClassifier) -> None:
    signals = await SignalReader(SignalSettings(), others={"emotion": classifier}).read("甘特图导出", None)
    assert signals.feeling.emotion == "angry"
    assert signals.anger == pytest.approx(0.8, abs=0.01)
    assert signals.topic is None


def test_labels_without_a_meaning_are_refused_with_the_setting_to_change(folder: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"LABEL_CALM.*signals\.emotion_labels"):
        load_classifier("signals.emotion_model", str(folder), {"LABEL_CROSS": "angry"}, EMOTIONS)


def test_a_folder_without_a_model_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"^signals\.urgency_model: .* cannot be loaded: ") as refusal:
        load_classifier("signals.urgency_model", str(tmp_path), {}, EMOTIONS)
    assert "\n" not in str(refusal.value)
