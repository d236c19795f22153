"""The page's part on messages: how well emotion, urgency, topic and the wish for a human are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.evaluation.html import (
    Both,
    Cell,
    Html,
    card,
    join,
    paragraph,
    percent,
    section,
    span,
    table,
    tag,
    words,
)
from scripts.evaluation.measuring import Figure, Figures, interval_of, share_of
from scripts.evaluation.messages import EMOTIONS, URGENCIES, Read, confusion

_NAMES: Mapping[str, Both] = {
    "angry": Both("生气", "angry"),
    "anxious": Both("着急", "anxious"),
    "neutral": Both("平静", "neutral"),
    "happy": Both("高兴", "happy"),
    "high": Both("紧急", "high"),
    "normal": Both("一般", "normal"),
    "low": Both("不急", "low"),
}


def section_of(found: Sequence[Read], figures: Figures) -> Html:
    """Cards for the figures, a table for each classification."""
    cards = [
        _card(figures, "emotion_macro_f1", Both("情绪（宏平均 F1）", "Emotion (macro F1)")),
        _card(figures, "urgency_macro_f1", Both("紧急程度（宏平均 F1）", "Urgency (macro F1)")),
        _card(figures, "topic_accuracy", Both("话题判对（两级）", "Topic right (both levels)")),
        _card(figures, "topic_first_level_accuracy", Both("话题判对（第一级）", "Topic right (first level)")),
        _card(figures, "wish_precision", Both("说要人工的，真要人工", "Wish for a human: precision")),
        _card(figures, "wish_recall", Both("要人工的，都听出来了", "Wish for a human: recall")),
    ]
    emotions = [(one.message.emotion, one.analysis.emotion) for one in found if one.message.emotion]
    urgencies = [(one.message.urgency, one.analysis.urgency) for one in found if one.message.urgency]
    parts: list[Html] = [
        paragraph(
            Both(
                f"{len(found)} 条标注过的客户消息。宏平均：每一类同等重要，少见的类也算数。",
                f"{len(found)} labelled messages. Macro: every class counts alike, rare ones too.",
            ),
            "quiet",
        ),
        tag("div", *(one for one in cards if one), cls="cards"),
    ]
    if emotions:
        parts += _class_tables(Both("情绪", "Emotion"), EMOTIONS, emotions, figures["emotion_classes"])
    if urgencies:
        parts += _class_tables(Both("紧急程度", "Urgency"), URGENCIES, urgencies, figures["urgency_classes"])
    return section("messages", Both("语气、紧急程度和话题", "Emotion, urgency and topic"), *parts)


def _card(figures: Figures, name: str, title: Both) -> Html:
    value = share_of(figures, name)
    if value is None:
        return join()
    likely = span(interval_of(figures, name))
    meaning = Both(f"换一批同类消息，多半在 {likely} 之间。", f"Other messages of the kind: mostly {likely}.")
    return card(percent(value, 1), title, meaning)


def _class_tables(
    title: Both, classes: Sequence[str], pairs: Sequence[tuple[str | None, str]], measured: Figure
) -> list[Html]:
    counted = confusion(classes, pairs)
    rows: list[list[Cell]] = []
    for name, counts in zip(classes, counted, strict=True):
        figures = measured.get(name) if isinstance(measured, dict) else None
        shares = [figures.get(key) if isinstance(figures, dict) else None for key in ("precision", "recall")]
        rows.append([_NAMES[name], *(percent(one if isinstance(one, float) else None) for one in shares), *counts])
    headers = [
        Both("标注", "label"), Both("判成它的有多准", "precision"), Both("找出了多少", "recall"),
        *(Both(f"判成{_NAMES[name].zh}", f"read as {_NAMES[name].en}") for name in classes),
    ]  # fmt: skip
    return [tag("h3", words(title)), table(title, headers, rows)]
