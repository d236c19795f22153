"""The heads that read feelings, urgency and topics, for whichever encoder is served; refuses to outlast the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.settings import SignalSettings
from models.encoder import Encoder, ModelUnavailable
from models.heads.heads import Heads
from models.heads.kept import heads_for, path_of
from models.settings import EncoderSettings


class KeptHeads:
    """Those that were prepared, else fitted now."""

    def __init__(
        self,
        encoder: EncoderSettings,
        signals: SignalSettings,
        say: Callable[[str], None],
        is_leaving: Callable[[], bool],
    ) -> None:
        self._cache = encoder.cache_path
        self._folders = [Path(signals.examples)] if signals.examples else []
        self._say = say
        self._is_leaving = is_leaving

    def of(self, encoder: Encoder) -> Heads:
        """Blocks for some milliseconds, or for tens of seconds where nobody has prepared them; raises ModelUnavailable
        when the program leaves meanwhile.
        """
        if not path_of(encoder.fingerprint, self._cache, self._folders).exists():
            self._say("fitting the heads for feelings, urgency and topics, once for this encoder")
        return heads_for(encoder, self._cache, self._folders, self._go_on)

    def _go_on(self, doing: str, done: int, total: int) -> None:
        if self._is_leaving():  # the program cannot end while this thread works
            raise ModelUnavailable("stopped before the heads were fitted")
