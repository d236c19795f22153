"""Settings of what may be sent along, how much of it, and where it is kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from router.sections import Section

#: Kinds of files, as `router.uploads.kinds` finds them by their content.
KindName = Literal["picture", "pdf", "text", "zip", "docx", "xlsx", "pptx", "office97", "gzip", "mp4", "webm"]
Megabytes = Annotated[float, Field(gt=0, le=1024)]

KINDS: dict[KindName, float] = {
    "picture": 20.0,
    "pdf": 20.0,
    "text": 10.0,
    "zip": 50.0,
    "docx": 20.0,
    "xlsx": 20.0,
    "pptx": 50.0,
    "mp4": 100.0,
}


class UploadSettings(Section):
    url: str | None = Field(default=None, pattern=r"^s3://[^/]+")
    endpoint: str | None = Field(default=None, pattern=r"^https?://")
    region: str = "us-east-1"
    kinds: dict[KindName, Megabytes] = KINDS
    per_message: int = Field(default=9, ge=1, le=20)
    max_megapixels: float = Field(default=50.0, gt=0, le=200)
    max_side: int = Field(default=4096, ge=480)
    preview_side: int = Field(default=480, ge=64, le=2048)
    customer_files_per_hour: int = Field(default=60, ge=1)
    customer_megabytes_per_day: float = Field(default=500.0, gt=0)
    agent_files_per_hour: int = Field(default=300, ge=1)
    agent_megabytes_per_day: float = Field(default=5000.0, gt=0)
    link_minutes: float = Field(default=240.0, ge=1)
    unused_hours: float = Field(default=24.0, gt=0)
    receive_seconds: float = Field(default=300.0, gt=0)
    clamd: str | None = Field(
        default=None, pattern=r"^(tcp://[^/:]+:\d{1,5}|tcp://\[[0-9a-fA-F:]+\]:\d{1,5}|unix:///.+)$"
    )
    clamd_seconds: float = Field(default=60.0, gt=0)
    clamd_away: Literal["refuse", "pass"] = "refuse"
