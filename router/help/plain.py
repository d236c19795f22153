"""An article's answer as an agent would type it: Markdown's marks gone, links and lists kept readable."""

from __future__ import annotations

import re

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), put)
    for pattern, put in (
        (r"!\[[^\]]*\]\([^)]*\)", ""),
        (r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)", r"\1（\2）"),
        (r"^#{1,6}\s+", ""),
        (r"^>\s?", ""),
        (r"^(\s*)[*+-]\s+", r"\1· "),
        (r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2"),
        (r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])", r"\1"),
        (r"^```.*$\n?", ""),
        (r"`([^`\n]+)`", r"\1"),
        (r"[ \t]+$", ""),
        (r"\n{3,}", "\n\n"),
    )
)


def plain(markdown: str) -> str:
    """Text only; what looks like Markdown in a customer's window is read as typed."""
    text = markdown
    for pattern, put in _STEPS:
        text = pattern.sub(put, text)
    return text.strip()
