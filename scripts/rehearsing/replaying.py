"""Customers' questions, or one question, through what is served and what an editor proposes; reads only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from bot.answering import Answerer
from bot.records import Turn
from bot.settings import BotSettings
from kb_index.articles import Author
from kb_index.encoders import Encoders
from kb_index.errors import KnowledgeError
from kb_index.records import Article, Picture, Scope
from kb_index.reindexing import Reindexing
from router.conversations.messages import with_pictures
from router.knowledge.said import Places
from router.knowledge.trying import Trial, result_of
from router.sentences import say
from router.settings import Settings
from scripts.evaluation.asking import WarmEncoder
from scripts.evaluation.signals import signals_of
from scripts.opening import KnowledgeBase
from scripts.rehearsing.telling import Told
from scripts.replaying.judging import Change, Outcome
from scripts.replaying.questions import Asked, asked_since
from scripts.replaying.report import report
from scripts.replaying.running import Side, replay
from scripts.replaying.writing import known

_SHOWN = 500  # changes that go into the result; the report has all of them


async def replayed(base: KnowledgeBase, parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    """发布前回放 with every change, old and new answer side by side."""
    days = float(parameters.get("days", 30))
    before = await _served(base, told)
    after = await _changed(base, parameters, before, told)
    asked = await asked_since(base.database, base.clock.now(), days)
    found = await replay(asked, before, after, told)
    titles = {article.id: article.question for side in (before, after) for article in side.index.articles}
    pictures = {picture for side in (before, after) for article in side.index.articles for picture in article.pictures}
    places = Places()
    counts = {verdict: len(found.of(verdict)) for verdict in ("better", "worse", "look")}
    summary = {
        "asked": found.asked, "distinct": found.distinct, "changes": len(found.changes), **counts,
        "reworded": found.reworded, "days": days, "before": before.name, "after": after.name,
    }  # fmt: skip
    found = replace(found, changes=tuple(_marked(change, places) for change in found.changes))
    changes = [_change(change, titles, sorted(pictures, key=str)) for change in found.changes[:_SHOWN]]
    page = report(found, days, before.name, after.name, titles, base.clock.now())
    return {"result": {"summary": summary, "changes": changes, "said": places.as_json()}, "report": page}


async def tried(base: KnowledgeBase, parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    """One question, as it is answered now and as it would be."""
    trial = msgspec.convert(parameters["trial"], Trial)
    before = await _served(base, told)
    after = await _changed(base, parameters, before, told)
    now = base.clock.now()
    scope = Scope(site=trial.site, audience=trial.audience, edition=trial.edition, at=now)
    turn = Turn(fragments=(trial.question,), scope=scope, locale=trial.locale or base.settings.bot.default_locale)
    results: dict[str, Any] = {}
    for name, side in (("before", before), ("after", after)):
        signals = await asyncio.to_thread(signals_of, side.settings, side.encoder, told)
        bot = side.settings.bot
        answerer = Answerer(
            bot, WarmEncoder(side.encoder), side.index, signals=signals, signal_settings=side.settings.signals
        )
        results[name] = msgspec.to_builtins(result_of(await answerer.answer(turn), side.index, bot))
    return {"result": results}


async def _served(base: KnowledgeBase, told: Told) -> Side:
    number = await base.versions.serving()
    if number is None:
        raise KnowledgeError("no index version is being served yet")
    return await _version(base, number, base.settings, told)


async def _version(base: KnowledgeBase, number: int, settings: Settings, told: Told) -> Side:
    learnt = await base.versions.learnt(number)
    encoder = await asyncio.to_thread(Encoders(base.settings.encoder, base.settings.data_dir).load, learnt.tuned)
    index = await base.versions.load(number, encoder, told)
    return Side(say("side.version", n=number), index, encoder, settings)


async def _changed(base: KnowledgeBase, parameters: Mapping[str, Any], before: Side, told: Told) -> Side:
    bot = _thresholds(base.settings.bot, parameters)
    settings = base.settings.model_copy(update={"bot": bot})
    if parameters.get("version") is not None:
        return await _version(base, int(parameters["version"]), settings, told)
    articles = msgspec.convert(parameters.get("articles", []), list[Article])
    if not articles:
        return Side(say("side.threshold", n=f"{bot.answer_at:.2f}"), before.index, before.encoder, settings)
    load = Encoders(base.settings.encoder, base.settings.data_dir).load
    reindexing = Reindexing(
        base.database, base.articles, base.versions, base.settings.data_dir, load, Author("replay")
    )  # fmt: skip
    rehearsal = await reindexing.rehearse_with(articles, told)
    name = articles[0].question if len(articles) == 1 else say("side.drafts", n=len(articles))
    return Side(name, rehearsal.index, rehearsal.encoder, settings)


def _thresholds(bot: BotSettings, parameters: Mapping[str, Any]) -> BotSettings:
    given = {name: parameters[name] for name in ("answer_at", "offer_at") if parameters.get(name) is not None}
    try:
        return replace(bot, **given)
    except ValueError as error:
        raise KnowledgeError(str(error)) from error


def _marked(change: Change, places: Places) -> Change:
    """With marks in place of what customers wrote."""
    asked = change.asked
    before = (
        [spot.previous for spot in asked.spots if spot.previous is not None] if asked.turn.previous_question else []
    )
    turn = replace(
        asked.turn,
        fragments=(places.mark([spot.place for spot in asked.spots]),),
        previous_question=places.mark(before) if before else "",
    )
    return replace(change, asked=replace(asked, turn=turn))


def _change(change: Change, titles: Mapping[str, str], pictures: Sequence[Picture]) -> dict[str, Any]:
    return {
        "verdict": change.verdict,
        "question": change.asked.text,
        "times": change.asked.times,
        "previous": change.asked.turn.previous_question or None,
        "known": _known(change.asked, titles),
        "before": _outcome(change.before, titles, pictures),
        "after": _outcome(change.after, titles, pictures),
    }


def _known(asked: Asked, titles: Mapping[str, str]) -> dict[str, Any] | None:
    """What speaks for the verdict: the right article, the wrong ones, or that none answers it."""
    label = asked.label
    if known(asked) is None or label is None:
        return None
    right = label.article_id
    wrong = [titles.get(one, one) for one in label.wrong_ids] if right is None and not label.is_nobodys else []
    return {"right": titles.get(right, right) if right else None, "nobodys": label.is_nobodys, "wrong": wrong}


def _outcome(outcome: Outcome, titles: Mapping[str, str], pictures: Sequence[Picture]) -> dict[str, Any]:
    return {
        "decision": outcome.kind,
        "confidence": round(outcome.confidence, 4),
        "article_id": outcome.article_id,
        "title": titles.get(outcome.article_id) if outcome.article_id else None,
        "text": with_pictures(outcome.text, pictures),
        "options": [titles.get(option, option) for option in outcome.options],
    }
