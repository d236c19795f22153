"""How tickets end; see config.yaml."""

from __future__ import annotations

from pydantic import Field

from router.sections import Section


class TicketSettings(Section):
    close_after_working_days: int = Field(default=3, ge=1, le=30)
    reopen_days: int = Field(default=7, ge=0, le=90)
