"""Months as ranges of conversation ids (UUIDv7, hence time); pure. A month begins at midnight UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of the calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> Month:
        moment = moment.astimezone(UTC)
        return cls(moment.year, moment.month)

    @classmethod
    def of_id(cls, id_: UUID) -> Month:
        """The month in which an id was made. Raises `ValueError` for one beyond all calendars."""
        return cls.of(moment_of(id_))

    def plus(self, months: int) -> Month:
        whole = self.year * 12 + self.number - 1 + months
        return Month(whole // 12, whole % 12 + 1)

    @property
    def begins(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def low(self) -> UUID:
        """No id of this month is below."""
        return first_id(self.begins)

    @property
    def high(self) -> UUID:
        """Every id of this month is below."""
        return self.plus(1).low

    @property
    def name(self) -> str:
        """As in ``2026_11``."""
        return f"{self.year:04}_{self.number:02}"


def first_id(moment: datetime) -> UUID:
    """The smallest id of a moment; before 1970 the smallest of all."""
    return UUID(int=max(int(moment.timestamp() * 1000), 0) << 80)


def moment_of(id_: UUID) -> datetime:
    """When an id was made. Raises `ValueError` for one beyond all calendars."""
    try:
        return datetime.fromtimestamp((id_.int >> 80) / 1000, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{id_} tells no time") from error
