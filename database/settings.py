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
