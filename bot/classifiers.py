"""The models of an operator's own that read messages in place of the heads; none is loaded where none is named."""

from __future__ import annotations

from collections.abc import Collection

from bot.settings import SignalSettings
from models.classifier import TransformersClassifier, load_classifier
from models.heads.labels import EMOTIONS, NO_TOPIC, URGENCIES


def load(settings: SignalSettings, topics: Collection[str]) -> dict[str, TransformersClassifier]:
    """By the question that each answers; raises `models.encoder.ModelUnavailable` with the setting's name."""
    wanted = {
        "emotion": (settings.emotion_model, settings.emotion_labels, EMOTIONS),
        "urgency": (settings.urgency_model, settings.urgency_labels, URGENCIES),
        "topic": (settings.topic_model, settings.topic_labels, {*topics, NO_TOPIC}),
    }
    return {
        question: load_classifier(f"signals.{question}_model", name, meanings, known)
        for question, (name, meanings, known) in wanted.items()
        if name
    }
