"""The tables of a chaos run: what befell it, and what each law found; the first violations in full."""

from __future__ import annotations

from bench.table import markdown
from tests.chaos.play import Outcome

_SHOWN = 25


def table(outcome: Outcome) -> str:
    """Two tables in Markdown, then the violations."""
    acts = [
        (
            act.name,
            f"{act.seconds:.1f}",
            f"{act.silence_seconds:.1f}",
            "" if act.lease_seconds is None else f"{act.lease_seconds:.1f}",
            act.complaint or "ok",
        )
        for act in outcome.acts
    ]
    laws = [
        (found.law, f"{found.checked:,}", f"{len(found.violations):,}", "violated" if found.violations else "ok")
        for found in outcome.findings
    ]
    parts = [
        markdown(("what happened", "seconds", "longest silence", "next dispatcher", ""), acts),
        markdown(("law", "checked", "violations", ""), laws),
    ]
    violations = outcome.violations
    if violations:
        shown = [f"- {each}" for each in violations[:_SHOWN]]
        shown += [f"- … and {len(violations) - _SHOWN} more"] if len(violations) > _SHOWN else []
        parts.append("\n".join(shown))
    return "\n\n".join(parts)
