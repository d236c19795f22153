"""The first sentence that an agent may send after reading the conversation, in the customer's language; never sent by
itself."""

from __future__ import annotations

import re
from typing import Final

from bot.language import page_language

_LONGEST = 36  # characters of what is quoted
_ENDS = "。！？!?.…～~，,、；; "
_INNER = str.maketrans('“”「」"', "‘’‘’'")

_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh-CN": {
        "asked": "您好，我是{name}，前面的对话我看过了。您是想问“{matter}”，对吗？",
        "met": "您好，我是{name}，前面的对话我看过了。您遇到的情况是“{matter}”，对吗？",
        "wants": "您好，我是{name}，前面的对话我看过了。您是{matter}，对吗？",
        "plain": "您好，我是{name}，前面的对话我看过了。您方便说说现在卡在哪一步吗？",
    },
    "zh-TW": {
        "asked": "您好，我是{name}，前面的對話我看過了。您是想問「{matter}」，對嗎？",
        "met": "您好，我是{name}，前面的對話我看過了。您遇到的情況是「{matter}」，對嗎？",
        "wants": "您好，我是{name}，前面的對話我看過了。您是{matter}，對嗎？",
        "plain": "您好，我是{name}，前面的對話我看過了。您方便說說現在卡在哪一步嗎？",
    },
    "en": {
        "asked": "Hello, this is {name}. I have read the conversation so far. You ask “{matter}”, is that right?",
        "met": "Hello, this is {name}. I have read the conversation so far. What you see is “{matter}”, is that right?",
        "wants": "Hello, this is {name}. I have read the conversation so far. It is about “{matter}”, is that right?",
        "plain": "Hello, this is {name}. I have read the conversation so far. Where exactly are you stuck?",
    },
    "ja": {
        "asked": "こんにちは、{name}です。これまでのやり取りを拝見しました。ご質問は「{matter}」でよろしいでしょうか。",
        "met": "こんにちは、{name}です。これまでのやり取りを拝見しました。状況は「{matter}」でよろしいでしょうか。",
        "wants": "こんにちは、{name}です。これまでのやり取りを拝見しました。ご用件は「{matter}」でよろしいでしょうか。",
        "plain": "こんにちは、{name}です。これまでのやり取りを拝見しました。今どこでお困りでしょうか。",
    },
    "es": {
        "asked": "Hola, soy {name} y he leído la conversación. Su pregunta es “{matter}”, ¿es así?",
        "met": "Hola, soy {name} y he leído la conversación. Lo que ve es “{matter}”, ¿es así?",
        "wants": "Hola, soy {name} y he leído la conversación. Se trata de “{matter}”, ¿es así?",
        "plain": "Hola, soy {name} y he leído la conversación. ¿En qué paso se ha quedado?",
    },
}
_WANTS = ("想", "要", "需要", "希望")
_WE = ("我们想", "我想", "我要", "我们要", "我需要", "我们需要")


def first_sentence(name: str, matter: str | None, locale: str, *, is_fault: bool) -> str:
    """``matter`` are the customer's own words; None where nothing was asked. ``is_fault``: something does not work."""
    words = _WORDS[page_language(locale)]
    matter = _trimmed(matter or "")
    if not matter:
        return words["plain"].format(name=name)
    if is_fault:
        return words["met"].format(name=name, matter=matter)
    wish = _wish_of(matter)
    if wish and page_language(locale).startswith("zh"):
        return words["wants"].format(name=name, matter=wish)
    return words["asked"].format(name=name, matter=matter)


def _trimmed(matter: str) -> str:
    """As many of the first clauses as can be said back in one breath, without quotes inside the quotes."""
    text = " ".join(matter.split()).translate(_INNER).rstrip(_ENDS)
    if len(text) <= _LONGEST:
        return text
    clauses = re.findall(r"[^，,；;。]+[，,；;。]*", text)
    told = ""
    for clause in clauses:
        if told and len(told) + len(clause) > _LONGEST:
            return told.rstrip(_ENDS)
        told += clause
    return f"{text[:_LONGEST]}…"


def _wish_of(matter: str) -> str:
    """想把甘特图导出成图片: what can be said back as it was said; empty for a question."""
    if any(mark in matter for mark in ("吗", "呢", "怎么", "如何", "为什么", "哪", "什么", "多少", "我")) and not (
        matter.startswith(_WE) and not any(mark in matter[2:] for mark in ("吗", "怎么", "如何", "哪", "什么", "我"))
    ):
        return ""
    for start in _WE:
        if matter.startswith(start):
            return matter[start.index(start[-1]) if start[-1] in "想要" else len(start) - 2 :]
    return matter if matter.startswith(_WANTS) else ""
