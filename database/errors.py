"""What can go wrong with the database; each error is one clear line and carries no statement and no personal data."""

from __future__ import annotations


class DatabaseError(Exception):
    """Something is wrong with the database."""


class DatabaseUnavailable(DatabaseError):
    """The database does not answer right now; nothing is known to be stored."""


class UnsafeDurability(DatabaseError):
    """The server could lose what it acknowledged."""


class MigrationRefused(DatabaseError):
    """The schema in the database and the migrations of this program do not fit together."""


class MissingQuery(DatabaseError):
    """A statement was asked for that ``queries.sql`` does not hold, or the file is malformed."""


class EmbeddedPostgresFailed(DatabaseError):
    """The program's own PostgreSQL could not be prepared or started."""
