"""When tasks are late, and which visits are planned."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from router.sections import Section
from router.sentences import SENTENCES


class TaskSettings(Section):
    overdue_minutes: float = Field(default=60.0, ge=0)


class VisitSettings(Section):
    after_go_live_days: tuple[Annotated[int, Field(ge=0, le=365)], ...] = (7, 14)
    made_days_before: int = Field(default=3, ge=0, le=60)
    text: str = Field(default=SENTENCES["task.visit"][0], min_length=1, max_length=500)

    @model_validator(mode="after")
    def _text_is_filled_in(self) -> Self:
        try:
            self.text.format(n=1, days=7, company="x")
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError("text: may hold {company}, {n} and {days}, and no other braces") from error
        return self
