"""Settings of what is told to other systems that watch this one."""

from __future__ import annotations

from pydantic import Field

from router.sections import Section


class TelemetrySettings(Section):
    otlp_url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+")
    share: float = Field(default=1.0, ge=0, le=1)
    service_name: str = Field(default="yingda", min_length=1)
