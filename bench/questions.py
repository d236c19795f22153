"""Questions out of the sample knowledge base: few that repeat, and any number that were never asked before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

from bot.understanding import understand
from kb_index.reading.files import read_files

_WORDINGS = ("我在{}项目里，{}", "{}组的同事问，{}", "{}版本上，{}", "客户{}问我，{}")


def sample_questions(folder: Path) -> list[str]:
    """The Chinese questions and variants of the articles that stand for themselves, mixed the same way each time."""
    texts: list[str] = []
    for read in read_files([folder]).articles:
        article = read.article
        if article.locale.startswith("zh"):
            texts += [text for text in (article.question, *article.variants) if not understand(text).awaits_more]
    mixed = sorted(set(texts))
    Random(7).shuffle(mixed)
    return mixed


def repeated(questions: list[str]) -> Iterator[str]:
    """The same questions again and again, in no order: nobody asks the same one twice in a row for long."""
    chance = Random(7)
    while True:
        yield chance.choice(questions)


def never_asked(questions: list[str]) -> Iterator[str]:
    """The questions in other words each time, about as long as people write them."""
    for number in count():
        wording = _WORDINGS[number % len(_WORDINGS)]
        yield wording.format(f"K{number:05d}", questions[number % len(questions)])
