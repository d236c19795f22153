"""The models, the bot and what it knows, and learning from use."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot import classifiers
from bot.answering import Answerer
from bot.signals import SignalReader
from kb_index.articles import Articles
from kb_index.encoders import Encoders, NamedEncoder
from kb_index.versions import IndexVersions
from models.batching import BatchedEncoder
from router.assembly.ground import Ground
from router.knowledge.building import Building
from router.knowledge.heads import KeptHeads
from router.knowledge.knowledge import Knowledge
from router.learning.harvest import Harvest
from router.observing.stages import Stages
from router.settings import Settings


@dataclass(frozen=True, slots=True)
class Models:
    """The learned models, loaded first, since they are what is most often missing."""

    encoders: Encoders
    batched: BatchedEncoder
    answerer: Answerer


@dataclass(frozen=True, slots=True)
class Answers:
    models: Models
    articles: Articles
    versions: IndexVersions
    knowledge: Knowledge
    harvest: Harvest


def load_models(
    settings: Settings, opened: AsyncExitStack, stages: Stages, encoder: NamedEncoder | None = None
) -> Models:
    """Raises what forbids a start: an encoder or a configured model that is not there. ``encoder``: the configured one,
    where it is loaded already."""
    encoders = Encoders(settings.encoder, settings.data_dir, encoder)
    encoder = encoders.load()
    others = classifiers.load(settings.signals, settings.topic_names)
    for classifier in others.values():
        opened.callback(classifier.close)
    batched = BatchedEncoder(
        encoder,
        settings.encoder.cache_size,
        settings.encoder.batch,
        max_waiting=settings.encoder.max_waiting,
        wait_seconds=settings.encoder.wait_seconds,
        observe=stages.observe,
    )
    answerer = Answerer(
        settings.bot,
        batched,
        signals=SignalReader(settings.signals, others=others, topics=settings.topic_names),
        signal_settings=settings.signals,
        observe=stages.observe,
    )
    return Models(encoders, batched, answerer)


def wire_answers(ground: Ground, models: Models) -> Answers:
    settings, database, clock, readiness = ground.settings, ground.database, ground.clock, ground.readiness
    articles = Articles(database, clock)
    versions = IndexVersions(database, settings.data_dir, settings.index, clock)
    knowledge = Knowledge(
        database,
        articles,
        versions,
        Building(database.dsn, settings.data_dir, settings.encoder, settings.index),
        models.encoders,
        models.batched,
        models.answerer.swap,
        KeptHeads(settings.encoder, settings.signals, ground.say, lambda: readiness.draining).of,
        settings.knowledge.articles,
        tunes=settings.index.tunes,
    )
    ground.opened.push_async_callback(knowledge.close)
    return Answers(models, articles, versions, knowledge, Harvest(database, clock, lambda: knowledge.current))
