"""The steps, attributes and pages that an embedding page tells; it refuses what is too large or has a name of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations.finding import Place
from router.errors import Invalid, TooLarge
from router.payloads.base import Ok
from router.payloads.trail import Scalar, Track
from router.trail.settings import TrailSettings

MAX_NAME_CHARS, MAX_URL_CHARS, MAX_PROPERTIES_BYTES = 100, 2_000, 4_096
_LISTED = 50
#: The names that begin with this are the widget's own.
_OURS = "$"
_PAGE, _ATTRIBUTES = "$page", "$attributes"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a customer did on the embedding page."""

    at: datetime
    site: str
    name: str
    properties: Mapping[str, Scalar] = field(repr=False)
    url: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trail:
    """What the page told of a customer: attributes as it said them last, steps from the newest on."""

    attributes: Mapping[str, Scalar] = field(repr=False)
    attributes_at: datetime | None
    steps: tuple[Step, ...]


class Trails:
    """Keeps the newest steps of each customer, for a while."""

    def __init__(self, database: Database, clock: Clock, settings: TrailSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._sql = load_queries(Path(__file__))

    async def take(self, place: Place, told: Track) -> Ok:
        """Raises `Invalid` for a name that is none, `TooLarge` for more than anybody reads."""
        properties = _checked(told.properties or {})
        if told.name == _PAGE:
            page = {"url": place.page.url, "title": place.page.title} if place.page else None
            await self._database.execute(self._sql["visit"], place.customer_id, place.site, place.channel, page)
        elif told.name == _ATTRIBUTES:
            await self._database.execute(self._sql["describe"], place.customer_id, properties, self._clock.now())
        else:
            await self._database.execute(
                self._sql["add_step"],
                uuid7(),
                place.customer_id,
                place.site,
                self._clock.now(),
                _checked_name(told.name),
                properties,
                clean(told.url)[:MAX_URL_CHARS] if told.url else None,
                self._settings.per_customer,
                told.client_id,
            )
        return Ok()

    async def of(self, customer_id: UUID) -> Trail:
        said = await self._database.fetchrow(self._sql["attributes_of"], customer_id)
        rows = await self._database.fetch(self._sql["steps_of"], customer_id, _LISTED)
        steps = tuple(Step(**dict(row)) for row in rows)
        return Trail(said["attributes"] if said else {}, said["at"] if said else None, steps)

    async def forget(self) -> None:
        """What is older than the settings allow."""
        before = self._clock.now() - timedelta(days=self._settings.kept_days)
        for statement in ("forget_steps", "forget_attributes"):
            await self._database.execute(self._sql[statement], before)


def clean(text: str) -> str:
    """What the database and every page can hold."""
    return text.encode(errors="replace").decode().replace("\x00", "")


def _checked_name(name: str) -> str:
    name = clean(name).strip()
    if not name or name.startswith(_OURS):
        raise Invalid("an event needs a name of its own", field="name")
    if len(name) > MAX_NAME_CHARS:
        raise TooLarge(f"a name has at most {MAX_NAME_CHARS} characters", field="name")
    return name


def _checked(properties: Mapping[str, Scalar]) -> dict[str, Scalar]:
    cleaned = {clean(key): clean(value) if isinstance(value, str) else value for key, value in properties.items()}
    if len(msgspec.json.encode(cleaned)) > MAX_PROPERTIES_BYTES:
        raise TooLarge(f"properties have at most {MAX_PROPERTIES_BYTES} bytes", field="properties")
    return cleaned
