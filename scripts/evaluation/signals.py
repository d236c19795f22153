"""What reads feelings, urgency and topics in a command, as the server has it."""

from __future__ import annotations

from pathlib import Path

from bot import classifiers
from bot.signals import SignalReader
from models.encoder import Encoder
from models.heads.kept import heads_for
from router.settings import Settings
from scripts.progress import ProgressBars


def signals_of(settings: Settings, encoder: Encoder, progress: ProgressBars) -> SignalReader:
    """The reader for this encoder's messages; its heads are fitted where nobody has prepared them."""
    folders = [Path(settings.signals.examples)] if settings.signals.examples else []
    heads = heads_for(encoder.base, settings.encoder.cache_path, folders, progress)
    others = classifiers.load(settings.signals, settings.topic_names)
    return SignalReader(settings.signals, heads, others, settings.topic_names)
