"""How each site's chat looks: told to the loader, written into the chat page, and said in the greeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.language import page_language
from bot.records import Language
from router.sites import colours
from router.sites.settings import DEFAULT_COLOUR, LookSettings, Phrase, SiteSettings

LANGUAGES: tuple[Language, ...] = ("zh-CN", "zh-TW", "en", "ja", "es")


@dataclass(frozen=True, slots=True)
class Looks:
    """Of every site; a site that is not known looks like the default one."""

    settings: SiteSettings

    def of(self, site: str | None) -> LookSettings:
        known = site if site in self.settings.names else self.settings.default
        return self.settings.looks.get(known or "", LookSettings())

    def greeting(self, site: str, locale: str, values: Mapping[str, str]) -> str | None:
        """The site's own first words with {part_of_day}, {name} and {hours} filled in; None: the bot's."""
        text = said(self.of(site).greeting, locale)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return text or None

    def for_loader(self) -> dict[str, Any]:
        """What the button in the corner needs before anything else is loaded, by site."""
        return {
            "": self.settings.default,
            **{name: _launcher(self.of(name)) for name in self.settings.names},
        }

    def style(self, site: str | None) -> str:
        """A sheet that goes over the chat's own, wherever it stands; empty where the site has no colour of its own."""
        colour = self.of(site).colour.lower()
        if colour == DEFAULT_COLOUR:
            return ""
        parsed = colours.parse(colour)
        return _rule("html:root", colours.light(parsed)) + _rule('html:root[data-theme="dark"]', colours.dark(parsed))


def said(phrase: Phrase, locale: str) -> str:
    """The phrase in the language of a locale: its own, else English, else what there is; empty where none is set."""
    if isinstance(phrase, str):
        return phrase
    by_language = {page_language(tag): text for tag, text in reversed(phrase.items())}
    language = page_language(locale)
    near: tuple[Language, ...] = ("zh-CN", "zh-TW") if language.startswith("zh") else ("en",)
    return next((by_language[one] for one in (language, *near) if one in by_language), next(iter(phrase.values()), ""))


def _launcher(look: LookSettings) -> dict[str, Any]:
    """Only what differs from how the button is by itself."""
    plain = LookSettings()
    told: dict[str, Any] = {}
    if look.colour.lower() != plain.colour:
        colour = colours.parse(look.colour)
        told["colours"] = [
            look.colour.lower(),
            colours.light(colour)["accent-hover"],
            colours.light(colour)["on-accent"],
        ]
    for name in ("position", "offset", "theme"):
        if getattr(look, name) != getattr(plain, name):
            told[name] = getattr(look, name)
    for name in ("launcher", "name"):
        phrase: Phrase = getattr(look, name)
        if phrase:
            told[name] = phrase if isinstance(phrase, str) else {tag: said(phrase, tag) for tag in LANGUAGES}
    return told


def _rule(selector: str, properties: Mapping[str, str]) -> str:
    return f"{selector}{{{''.join(f'--{name}:{value};' for name, value in properties.items())}}}"
