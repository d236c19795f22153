"""The waits of a simulated day as a picture: one panel for each order, one line for each tier, all on one scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from statistics import fmean

from bench.day.crowd import HOURS, OPENING
from bench.day.records import Fate

_BIN = timedelta(minutes=10)
_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 330.0, 260.0, 44.0, 46.0, 34.0
_COLOURS = ("#94a3b8", "#0ea5e9", "#f59e0b", "#dc2626")
_OPENS_AT_HOUR = 9


def picture(days: Mapping[str, Sequence[Fate]], tiers: Sequence[str]) -> str:
    """An SVG. Mean minutes until a human took it, by the time of joining, for each order's name in ``days``."""
    curves = {order: {tier: _curve(fates, tier) for tier in tiers} for order, fates in days.items()}
    highest = max(minutes for lines in curves.values() for line in lines.values() for _, minutes in line)
    top = next(tick for tick in (5, 10, 15, 20, 30, 45, 60, 90, 120, 240, 480) if tick >= highest or tick == 480)
    width, height = _LEFT + len(days) * _WIDTH, _TOP + _HEIGHT + _FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' font-family="system-ui, sans-serif" font-size="12" fill="#475569">',
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
        *_legend(tiers),
    ]
    for number, (order, lines) in enumerate(curves.items()):
        parts += _panel(order, lines, _LEFT + number * _WIDTH, top)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _curve(fates: Sequence[Fate], tier: str) -> list[tuple[datetime, float]]:
    bins: defaultdict[int, list[float]] = defaultdict(list)
    for fate in fates:
        if fate.caller.tier == tier:
            bins[(fate.caller.at - OPENING) // _BIN].append(fate.waited / 60)
    return [(OPENING + (number + 0.5) * _BIN, fmean(waits)) for number, waits in sorted(bins.items())]


def _legend(tiers: Sequence[str]) -> list[str]:
    parts = [f'<text x="{_LEFT:g}" y="18">mean wait in minutes, by the time of joining</text>']
    x = _LEFT + 290
    for tier, colour in zip(tiers, _COLOURS, strict=False):
        parts.append(f'<path d="M{x:g} 14h18" stroke="{colour}" stroke-width="2.5"/>')
        parts.append(f'<text x="{x + 24:g}" y="18">{escape(tier)}</text>')
        x += 105
    return parts


def _panel(order: str, lines: Mapping[str, Sequence[tuple[datetime, float]]], left: float, top: float) -> list[str]:
    across = _WIDTH - 40

    def x(at: datetime) -> float:
        return left + across * ((at - OPENING) / timedelta(hours=HOURS))

    def y(minutes: float) -> float:
        return _TOP + _HEIGHT * (1 - minutes / top)

    parts = [f'<text x="{left:g}" y="{_TOP - 8:g}" font-weight="600" fill="#0f172a">{escape(order)}</text>']
    for share in (0.0, 0.5, 1.0):
        height = y(top * share)
        parts.append(f'<path d="M{left:g} {height:.1f}h{across:g}" stroke="#e2e8f0"/>')
        parts.append(f'<text x="{left - 6:g}" y="{height + 4:.1f}" text-anchor="end">{top * share:g}</text>')
    for hour in range(0, int(HOURS), 3):
        at = x(OPENING + timedelta(hours=hour))
        label = f"{_OPENS_AT_HOUR + hour}:00"
        parts.append(f'<text x="{at:.1f}" y="{_TOP + _HEIGHT + 18:g}" text-anchor="middle">{label}</text>')
    for colour, line in zip(_COLOURS, lines.values(), strict=False):
        path = "L".join(f"{x(at):.1f} {y(minutes):.1f}" for at, minutes in line)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round"/>')
    return parts
