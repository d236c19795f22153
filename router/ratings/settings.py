"""How often customers are asked, and what a bad rating brings."""

from __future__ import annotations

from pydantic import Field

from router.sections import Section


class RatingSettings(Section):
    follow_up_working_days: int = Field(default=1, ge=0, le=30)
    nps_share: float = Field(default=0.1, ge=0, le=1)
    nps_every_days: int = Field(default=90, ge=1)
    nps_paused: bool = False
