"""How well the served version answers the kept questions: figures, what other thresholds would give, and the editors'
report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from kb_index.encoders import Encoders
from kb_index.errors import KnowledgeError
from router.knowledge.said import Places, marked
from scripts.evaluation.asking import Asked, Examiner, WarmEncoder, families
from scripts.evaluation.gate import confirmed_in_use, kept_questions
from scripts.evaluation.measuring import measure
from scripts.evaluation.offering import NAMES, Offering
from scripts.evaluation.report import Material, report
from scripts.evaluation.signals import signals_of
from scripts.evaluation.trades import THRESHOLDS, Trades, without_threshold
from scripts.opening import KnowledgeBase
from scripts.rehearsing.telling import Told


async def evaluated(base: KnowledgeBase, parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    """Of the questions whose article is served, and of those that nothing answers."""
    settings = base.settings
    number = await base.versions.serving()
    if number is None:
        raise KnowledgeError("no index version is being served yet")
    encoders = Encoders(settings.encoder, settings.data_dir)
    learnt = await base.versions.learnt(number)
    encoder = await asyncio.to_thread(encoders.load, learnt.tuned)
    index = await base.versions.load(number, encoder, told)
    questions = kept_questions([], settings.knowledge.kept_questions)
    questions += await confirmed_in_use(base.database, base.versions, settings.learning.believed_from, questions)
    inside = [one for one in questions if one.expected is not None and index.article(one.expected) is not None]
    outside = [one for one in questions if one.expected is None]
    if not inside:
        raise KnowledgeError("none of the kept questions belongs to this knowledge base: set knowledge.kept_questions")
    signals = await asyncio.to_thread(signals_of, settings, encoder, told)
    warm = WarmEncoder(encoder)
    await asyncio.to_thread(warm.warm, [one.text for one in (*inside, *outside)], told)
    examiner = Examiner(index, warm, settings.bot, signals, settings.signals)
    asked, apart = await examiner.ask(inside, told), await examiner.ask(outside, told, "asking out of scope")
    eager = Examiner(index, warm, without_threshold(settings.bot), signals, settings.signals)
    again = await eager.ask([*inside, *outside], told, "trying other thresholds")
    offering = Offering(
        settings.bot,
        [*asked, *apart],
        lambda bot: Examiner(index, warm, bot, signals, settings.signals),
    )
    offers = {name: [asdict(one) for one in await offering.curve(name, told)] for name in NAMES}
    figures = measure(asked, apart) | {"articles": len(index), "encoder": encoder.name}
    titles = {article.id: article.question for article in index.articles}
    now = base.clock.now()
    places = Places()
    asked, apart, again = (_marked(part, places) for part in (asked, apart, again))
    page = report(Material(asked, apart, again, [], figures, titles, families(index), settings.bot, encoder.name, now))
    names = (
        "questions", "out_of_scope", "recall_at_1", "recall_at_3", "answered", "answered_right", "answered_wrong",
        "answer_precision", "answered_share_in_scope", "articles",
    )  # fmt: skip
    summary = {name: figures[name] for name in names if name in figures}
    summary |= {"version": number, "answer_at": settings.bot.answer_at, "offer_at": settings.bot.offer_at}
    result = {
        "summary": summary, "figures": figures, "thresholds": _thresholds(Trades(again)), "offering": offers,
        "said": places.as_json(),
    }  # fmt: skip
    return {"result": result, "report": page}


def _marked(asked: Sequence[Asked], places: Places) -> list[Asked]:
    """With marks in place of what customers wrote."""
    say = marked(places)
    return [
        replace(one, question=replace(one.question, text=say(one.question.text, one.question.place))) for one in asked
    ]


def _thresholds(trades: Trades) -> list[dict[str, Any]]:
    """What each `bot.answer_at` would give on these questions."""
    rows = []
    for threshold in THRESHOLDS:
        trade = trades.at(threshold)
        rows.append(
            {
                "answer_at": threshold, "in_scope": trade.in_scope, "out_of_scope": trade.out_of_scope,
                "right": trade.right, "wrong": trade.wrong,
                "wrong_inside": trade.wrong_inside, "wrong_outside": trade.wrong_outside,
                "answered_share": round(trade.answered_share, 4),
                "precision": None if trade.precision is None else round(trade.precision, 4),
            }
        )  # fmt: skip
    return rows
