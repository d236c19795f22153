"""Questions out of the sample knowledge base: few that repeat, and any number that were never asked before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from bench.pages import Page, close_pages, open_pages
from bot.follow_up import stands_alone
from bot.understanding import understand
from kb_index.reading.files import read_files

_WORDINGS = ("我在{}项目里，{}", "{}组的同事问，{}", "{}版本上，{}", "客户{}问我，{}")


def sample_questions(folder: Path) -> list[str]:
    """The Chinese questions and variants of the articles that stand for themselves, mixed the same way each time."""
    mixed = sorted({text for texts in _by_article(folder) for text in texts})
    Random(7).shuffle(mixed)
    return mixed


def _by_article(folder: Path) -> Iterator[list[str]]:
    for read in read_files([folder]).articles:
        article = read.article
        if article.locale.startswith("zh"):
            texts = (article.question, *article.variants)
            yield [text for text in texts if not understand(text).awaits_more]


async def cached_anywhere(folder: Path, most: int, port: int, auth: dict[str, Any], at_once: int = 50) -> list[str]:
    """Up to so many questions, each about another article, that are cached wherever they are asked a second time; the
    desk is asked about each.

    A brief question is encoded together with the one before it, and so is whatever comes after one that the bot asked
    back about, be it because the same was asked twice: such a turn is another text each time, hence an uncached one.
    """
    chance = Random(7)
    alone = [[text for text in texts if stands_alone(text)] for texts in _by_article(folder)]
    each = [chance.choice(texts) for texts in alone if texts]
    chance.shuffle(each)
    found: list[str] = []
    for start in range(0, len(each), at_once):
        some = each[start : start + at_once]
        pages = await open_pages(len(some), port, "/chat", auth)
        try:
            await asyncio.gather(*map(_asked, pages, some))
            found += [text for text, page in zip(some, pages, strict=True) if _knew_something(page)]
        finally:
            close_pages(pages)
    return found[:most]


async def _asked(page: Page, text: str) -> None:
    """Raises TimeoutError for a question that nobody answers."""
    over = asyncio.Event()
    page.ask(text, lambda _, seconds: over.set())
    async with asyncio.timeout(30):
        await over.wait()


def _knew_something(page: Page) -> bool:
    """Whether the bot's answer has an article or options in it."""
    return b'"sources":[{' in page.last_event or b'"options":[{' in page.last_event


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
