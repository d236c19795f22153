"""How operators describe their sites; it refuses colours that are none and looks of sites that there are not."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from router.sections import Section

Names = Annotated[tuple[str, ...], BeforeValidator(lambda given: _split(given))]
#: Words for every language, or by locale: ``{zh-CN: 咨询, en: Ask us}``.
Phrase = str | dict[str, str]
Pixels = Annotated[int, Field(ge=0, le=400)]

DEFAULT_COLOUR = "#12706b"


def _split(given: object) -> object:
    """A list from the environment may be written with commas."""
    return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given


class LookSettings(Section):
    """What is left out stays as the chat is by itself."""

    name: Phrase = ""
    colour: str = Field(default=DEFAULT_COLOUR, pattern=r"^#[0-9a-fA-F]{6}$")
    greeting: Phrase = ""
    launcher: Phrase = ""
    position: Literal["right", "left"] = "right"
    offset: tuple[Pixels, Pixels] = (24, 24)
    #: None: light on a site's own pages, as the visitor's system has it where the chat stands alone.
    theme: Literal["light", "dark", "auto"] | None = None


class SiteSettings(Section):
    names: Names = ("main",)
    default: str = "main"
    looks: dict[str, LookSettings] = {}

    @model_validator(mode="after")
    def _default_is_a_site(self) -> Self:
        if self.default not in self.names:
            raise ValueError(f"default: {self.default!r} is not among sites.names")
        return self

    @model_validator(mode="after")
    def _looks_are_of_sites(self) -> Self:
        for name in self.looks:
            if name not in self.names:
                raise ValueError(f"looks: {name!r} is not among sites.names")
        return self
