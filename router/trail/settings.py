"""How much of what customers do on the embedding page is kept, and for how long."""

from __future__ import annotations

from pydantic import Field

from router.sections import Section


class TrailSettings(Section):
    per_customer: int = Field(default=100, ge=0, le=10_000)
    kept_days: int = Field(default=30, ge=1)
