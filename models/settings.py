"""The encoder's settings: which model, where its files are and how much work it takes at once; refuses figures that
cannot work."""

import os
from dataclasses import dataclass
from pathlib import Path

PRECISIONS = ("auto", "fp32")


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSettings:
    """What `config.yaml` says below `encoder:`.

    `name` is a name of the catalogue, a sentence-transformers model's hub name, or `hashing` (fast tests only);
    `folder`, where given, is a sentence-transformers folder on this machine and goes before the name.
    """

    name: str = "multilingual-e5-small"
    folder: str | None = None
    precision: str = "auto"  # auto: integers where the vectors stay the same; fp32
    cache_dir: str = "~/.cache/yingda"  # where prepared models are kept, outside the clone
    threads: int = 1  # cores that one batch may use; 0 = all of this process's cores (index builds)
    max_tokens: int = 128  # a text is cut there, prefix included
    reads_topics: bool = True  # the tuned layers that tell topics are there, for messages whose topic matters
    batch: int = 32  # texts encoded together at most
    cache_size: int = 10_000  # vectors of recent questions kept in memory (1.5 KB each at 384 dimensions)
    max_waiting: int = 1_000  # different questions on their way at once; the bot offers a human to the next one
    wait_seconds: float = 8.0  # so long is a question waited for

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("name: must not be empty")
        if self.precision not in PRECISIONS:
            raise ValueError(f"precision: must be {' or '.join(PRECISIONS)}")
        if self.threads < 0:
            raise ValueError("threads: must be 0 (all cores) or more")
        if not 8 <= self.max_tokens <= 8192:
            raise ValueError("max_tokens: must be between 8 and 8192")
        if not 1 <= self.batch <= 1024:
            raise ValueError("batch: must be between 1 and 1024")
        if self.cache_size < 0:
            raise ValueError("cache_size: must be 0 (no cache) or more")
        if self.max_waiting < 1:
            raise ValueError("max_waiting: must be 1 or more")
        if self.wait_seconds <= 0:
            raise ValueError("wait_seconds: must be more than 0")

    @property
    def cache_path(self) -> Path:
        """The cache folder with `~` resolved."""
        return Path(self.cache_dir).expanduser()

    @property
    def thread_count(self) -> int:
        """Cores really used: `threads`, or every core this process may run on."""
        return self.threads or len(os.sched_getaffinity(0))
