"""Settings of going on with a chat on another device."""

from __future__ import annotations

from pydantic import Field

from router.sections import Section


class ContinueSettings(Section):
    token_minutes: float = Field(default=10.0, gt=0, le=60)
    device_hours: float = Field(default=12.0, gt=0)
    per_hour: int = Field(default=20, ge=1)
