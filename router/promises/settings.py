"""Settings of promises: from when on one is proposed, when its agent is reminded, when it counts as broken."""

from __future__ import annotations

from pydantic import Field

from router.sections import Section


class PromiseSettings(Section):
    propose_from: float = Field(default=0.5, gt=0, le=1)
    remind_minutes: float = Field(default=30.0, ge=0)
    grace_minutes: float = Field(default=15.0, ge=0)
