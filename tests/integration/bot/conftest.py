"""The real parts that the bot's tests share: the default encoder, an index of the sample knowledge, the heads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.settings import BotSettings, SignalSettings
from bot.signals import SignalReader
from kb_index.reading.files import read_files
from kb_index.search import KnowledgeIndex
from models.batching import BatchedEncoder
from models.encoder import Encoder
from models.heads.heads import Heads
from models.heads.kept import heads_for
from models.loading import load_encoder
from models.settings import EncoderSettings

FAQ = Path(__file__).parents[3] / "faq"


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder(EncoderSettings())


@pytest.fixture(scope="session")
def heads(encoder: Encoder) -> Heads:
    return heads_for(encoder, EncoderSettings().cache_path)


@pytest.fixture(scope="session")
def index(encoder: Encoder) -> KnowledgeIndex:
    return KnowledgeIndex.build([read.article for read in read_files([FAQ]).articles], encoder)


@pytest.fixture
async def answerer(encoder: Encoder, index: KnowledgeIndex, heads: Heads) -> AsyncIterator[Answerer]:
    batched = BatchedEncoder(encoder, cache_size=1000, max_batch=8)
    yield Answerer(BotSettings(), batched, index, signals=SignalReader(SignalSettings(), heads))
    await batched.close()
