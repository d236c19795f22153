"""The figures of a simulated day as a table for people: Markdown, ready for a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.day.figures import AIM_SECONDS, LEVEL_SECONDS, LIVE_SECONDS, Figures, Replies


def table(days: Sequence[Figures]) -> str:
    """One column for each order, all on the same day."""
    tiers = [(f"{tier}: ", tier) for tier in days[0].by_tier]
    rows: list[tuple[str, Callable[[Figures], str]]] = [
        ("first human reply, mean", lambda day: _span(day.all.mean)),
        (f"… within {AIM_SECONDS:g} s", lambda day: _share(day.all.within_aim)),
        (f"… within {LIVE_SECONDS:g} s", lambda day: _share(day.all.within_live)),
        (f"… within {LEVEL_SECONDS / 60:g} min (level L2)", lambda day: _share(day.all.within_level)),
        ("… nine of ten by", lambda day: _span(day.all.ninth)),
        ("… the longest", lambda day: _span(day.all.longest)),
    ]
    for label, tier in tiers:
        rows.append((f"{label}mean · longest", lambda day, tier=tier: _of_tier(day.by_tier[tier])))  # type: ignore[misc]
    rows += [
        ("overtaken later than promised", lambda day: _promise(day, day.overtaken_too_late)),
        ("more turns waited than promised", lambda day: _promise(day, day.waited_too_long)),
        ("waited over 3 × first come, first served, and a minute", lambda day: f"{day.unfair:,}"),
        ("agent vanished: longest until the next one took over", lambda day: _span(day.longest_wait_after_loss)),
        ("left over", lambda day: f"{day.not_served:,}"),
    ]
    lines = [_row(("", *(day.order for day in days))), _row(("---", *("---:" for _ in days)))]
    lines += [_row((label, *(value(day) for day in days))) for label, value in rows]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _of_tier(replies: Replies) -> str:
    return f"{_span(replies.mean)} · {_span(replies.longest)}"


def _promise(day: Figures, broken: int) -> str:
    return f"{broken:,}" if day.promises else "–"


def _share(share: float) -> str:
    return f"{share:.1%}"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 180 else f"{seconds / 60:.0f} min"
