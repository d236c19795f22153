"""A soak run as a picture: one panel for each figure, minute by minute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from statistics import median

from tests.soak.samples import Minute

_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 640.0, 120.0, 70.0, 34.0, 46.0

_PANELS: Sequence[tuple[str, Callable[[Minute], float]]] = (
    ("memory of the server, MB", lambda minute: minute.resident_bytes / 1e6),
    ("turns a second", lambda minute: len(minute.latencies) / 60),
    ("99 % of the turns took less than, ms", lambda minute: minute.latency_ms(0.99)),
    ("descriptors", lambda minute: median(sample.descriptors for sample in minute.samples)),
    ("tasks of the event loop", lambda minute: median(sample.tasks for sample in minute.samples)),
    ("database, MB", lambda minute: minute.database_bytes / 1e6),
)


def picture(minutes: Sequence[Minute], warm_up: int) -> str:
    """An SVG; the warm-up is grey."""
    height = _TOP + len(_PANELS) * (_HEIGHT + _GAP)
    width = _LEFT + _WIDTH + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        ' font-family="system-ui, sans-serif" font-size="12" fill="#475569">',
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
    ]
    for number, (title, value) in enumerate(_PANELS):
        parts += _panel(title, [value(minute) for minute in minutes], warm_up, _TOP + number * (_HEIGHT + _GAP))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(title: str, values: Sequence[float], warm_up: int, top: float) -> list[str]:
    highest = max([*values, 1e-9]) * 1.1
    step = _WIDTH / max(1, len(values) - 1)
    grey = min(_WIDTH, step * warm_up)
    parts = [
        f'<rect x="{_LEFT:g}" y="{top:g}" width="{grey:.1f}" height="{_HEIGHT:g}" fill="#f1f5f9"/>',
        f'<text x="{_LEFT:g}" y="{top - 8:g}" font-weight="600" fill="#0f172a">{escape(title)}</text>',
    ]
    for share in (0.0, 0.5, 1.0):
        y = top + _HEIGHT * (1 - share)
        parts.append(f'<path d="M{_LEFT:g} {y:.1f}h{_WIDTH:g}" stroke="#e2e8f0"/>')
        parts.append(f'<text x="{_LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end">{highest * share:.4g}</text>')
    points = [
        f"{_LEFT + step * number:.1f} {top + _HEIGHT * (1 - value / highest):.1f}"
        for number, value in enumerate(values)
    ]
    parts.append(f'<path d="M{"L".join(points)}" fill="none" stroke="#0ea5e9" stroke-width="1.8"/>')
    parts.append(f'<text x="{_LEFT + _WIDTH:g}" y="{top + _HEIGHT + 16:g}" text-anchor="end">{len(values)} min</text>')
    return parts
