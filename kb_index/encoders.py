"""Which encoder an index version is searched with: the configured one, or one that was tuned from it and is kept in the
data folder; refuses a tuned one whose files are gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from kb_index.vectors import Encoder
from models.encoder import ModelUnavailable, Vectors
from models.loading import fingerprint_of, load_encoder
from models.settings import EncoderSettings


class NamedEncoder(Encoder, Protocol):
    """An encoder that says what it is called, and of messages more than their vectors."""

    @property
    def name(self) -> str: ...
    def encode_messages(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class TunedEncoder:
    """An encoder that a training promoted, as a version's row names it."""

    folder: str  # below `<data dir>/encoders`
    base: str  # fingerprint of the encoder that it was tuned from


#: The encoder of a version that names this tuned one, or none.
LoadEncoder = Callable[[TunedEncoder | None], NamedEncoder]


def encoders_folder(data_dir: Path) -> Path:
    """Where tuned encoders are kept, so that a rollback finds them."""
    return data_dir / "encoders"


class Encoders:
    """All encoders that this installation may search with."""

    def __init__(self, settings: EncoderSettings, data_dir: Path) -> None:
        self._settings = settings
        self._folder = encoders_folder(data_dir)

    def applies(self, tuned: TunedEncoder | None) -> bool:
        """Whether it was tuned from the encoder that is configured now; another one configured goes before it."""
        return tuned is not None and tuned.base == fingerprint_of(self._settings)

    def settings_of(self, tuned: TunedEncoder | None) -> EncoderSettings:
        """How to load it: the configured encoder's settings, with the tuned one's folder where that applies."""
        if tuned is None or not self.applies(tuned):
            return self._settings
        return replace(self._settings, folder=str(self._folder / tuned.folder))

    def load(self, tuned: TunedEncoder | None = None) -> NamedEncoder:
        """Blocks for some tenths of a second; raises `ModelUnavailable`."""
        settings = self.settings_of(tuned)
        try:
            return load_encoder(settings)
        except ModelUnavailable as error:
            if settings is self._settings:
                raise
            raise ModelUnavailable(
                f"the tuned encoder {settings.folder} cannot be loaded ({error}); copy it there, or go back to an "
                "index version without it: python -m scripts.index rollback"
            ) from error
