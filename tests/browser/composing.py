"""An input method as the browser itself plays it: syllables, a candidate, the Enter that takes it."""

from __future__ import annotations

from playwright.async_api import Locator, Page


async def compose(page: Page, box: Locator, syllables: str, word: str) -> None:
    """Types with an input method: Enter takes over the candidate."""
    await box.focus()
    wire = await page.context.new_cdp_session(page)
    caret = len(syllables)
    await wire.send("Input.imeSetComposition", {"text": syllables, "selectionStart": caret, "selectionEnd": caret})
    key = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    await wire.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    await wire.send("Input.insertText", {"text": word})
    await wire.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": "Enter", "code": "Enter"})
    await wire.detach()
