"""Asks axe-core whether a page can be used by everybody: what is serious or critical, in words."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.async_api import Frame, Page

from tests.acceptance.program import ROOT

_SERIOUS = ("serious", "critical")
#: WCAG 2.2, both levels that people ask for.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

#: Colours are looked at once they have arrived; what turns for ever is left out.
_AT_REST = """() => Promise.all(document.getAnimations()
    .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
    .map((one) => one.finished.catch(() => undefined)))"""


@cache
def _source() -> str:
    return (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


async def serious(page: Page | Frame, within: str | None = None) -> list[str]:
    """What axe finds serious on a page, or in its part ``within`` (a selector): the rule, and each place.

    A frame is looked at on its own: `page.frames` names it.
    """
    await page.evaluate(_AT_REST)
    await page.evaluate(_source())  # as the debugger, which no content security policy stops
    options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"], "iframes": False}
    found: dict[str, Any] = await page.evaluate(
        "([where, options]) => axe.run(where ?? document, options)", [within, options]
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['target'][0]} {node['html'][:160]}"
        for violation in found["violations"]
        if violation["impact"] in _SERIOUS
        for node in violation["nodes"]
    ]
