"""Which encoder an index version is searched with: the configured one, or one with upper layers that were tuned on the
knowledge base; refuses layers that are not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kb_index.vectors import Encoder
from models.encoder import Encoder as AnyEncoder
from models.encoder import ModelUnavailable, Vectors
from models.loading import fingerprint_of, is_tunable, load_encoder
from models.settings import EncoderSettings

if TYPE_CHECKING:
    from models.onnx_encoder import OnnxEncoder


class NamedEncoder(Encoder, Protocol):
    """An encoder that says what it is called, and of messages more than their vectors."""

    @property
    def name(self) -> str: ...
    @property
    def base(self) -> AnyEncoder: ...
    def encode_turns(self, texts: Sequence[str]) -> Vectors: ...
    def encode_messages(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class TunedEncoder:
    """Tuned upper layers, as a version's row names them."""

    name: str  # of their file below `<data dir>/encoders`, without its ending
    base: str  # fingerprint of the encoder that they were tuned from


#: The encoder of a version that names these layers, or none.
LoadEncoder = Callable[[TunedEncoder | None], NamedEncoder]


def layers_file(data_dir: Path, tuned: TunedEncoder) -> Path:
    """Where the layers are on this machine; the database has them too."""
    return data_dir / "encoders" / f"{tuned.name}.npz"


class Encoders:
    """All encoders that this installation may search with; the configured one is loaded once and shared by all."""

    def __init__(self, settings: EncoderSettings, data_dir: Path, base: NamedEncoder | None = None) -> None:
        """`base`: the configured one, where it is loaded already."""
        self._settings = settings
        self._data_dir = data_dir
        self._base = base

    def applies(self, tuned: TunedEncoder | None) -> bool:
        """Whether it was tuned from the encoder that is configured now, and is here; another one configured goes
        before it."""
        return (
            tuned is not None and tuned.base == self.base_fingerprint and layers_file(self._data_dir, tuned).is_file()
        )

    @property
    def base_fingerprint(self) -> str:
        """Of the configured encoder. Raises `ModelUnavailable`."""
        return fingerprint_of(self._settings)

    @property
    def can_tune(self) -> bool:
        """Whether the configured encoder has layers to tune, as it was prepared. Raises `ModelUnavailable`."""
        return is_tunable(self._settings)

    def load(self, tuned: TunedEncoder | None = None) -> NamedEncoder:
        """Blocks for some tenths of a second; raises `ModelUnavailable`."""
        base = self._configured()
        if tuned is None or not self.applies(tuned):
            return base
        from models.upper.encoder import UpperEncoder
        from models.upper.weights import read

        try:
            return UpperEncoder(self.tunable(), read(layers_file(self._data_dir, tuned)))
        except ModelUnavailable as error:
            raise ModelUnavailable(
                f"the tuned layers {layers_file(self._data_dir, tuned)} cannot be loaded ({error}); remove the file or "
                "go back to an index version without them: python -m scripts.index rollback"
            ) from error

    def tunable(self) -> OnnxEncoder:
        """The configured encoder with what tuning needs; raises `ModelUnavailable` where it has nothing to tune."""
        base = self._configured()
        from models.onnx_encoder import OnnxEncoder

        if not isinstance(base, OnnxEncoder) or not base.is_tunable:
            raise ModelUnavailable(f"the encoder {base.name} has no layers to tune; prepare it again: make prepare")
        return base

    def _configured(self) -> NamedEncoder:
        if self._base is None:
            self._base = load_encoder(self._settings)
        return self._base
