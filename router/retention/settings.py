"""What is kept how long."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from router.sections import Section

Emptied = Literal["files", "cards", "pages"]


class RetentionSettings(Section):
    online_months: int | None = Field(default=12, ge=1, le=1_200)
    archive_url: str | None = Field(default=None, pattern=r"^s3://[^/]+")
    archived_months: int | None = Field(default=24, ge=1, le=1_200)
    emptied: tuple[Emptied, ...] = ("files", "cards", "pages")
    client_id_days: float = Field(default=8.0, ge=7)
    session_days: float = Field(default=90.0, ge=1)
    silent_visitor_days: float = Field(default=90.0, ge=1)
