"""The settings of the database."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where the database is and how it is used."""

    #: A PostgreSQL URL (version 15 or newer); ``None``: the program runs its own server below the data folder.
    url: str | None = None
    #: Connections kept open, and the most that are ever open, in each process.
    pool_min: int = 2
    pool_max: int = 10
    #: A statement that takes longer is cancelled.
    statement_timeout_seconds: float = 15.0
    #: Starts although the server may lose acknowledged messages; only for the control run of the loss test.
    allow_unsafe_durability: bool = False

    def __post_init__(self) -> None:
        if self.url is not None and not self.url.startswith(("postgresql://", "postgres://")):
            raise ValueError("url: should begin with postgresql://")
        if not 0 <= self.pool_min <= self.pool_max or self.pool_max < 1:
            raise ValueError("pool_max: should be at least 1 and not below pool_min")
        if self.statement_timeout_seconds <= 0:
            raise ValueError("statement_timeout_seconds: should be more than 0")
