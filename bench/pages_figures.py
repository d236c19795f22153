"""What the pages cost their readers, as figures and as a table for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.table import markdown


@dataclass(frozen=True, slots=True)
class Profile:
    """A device and its network; nothing is held back where a figure is 0."""

    name: str
    processor_slowed: int = 1
    latency_ms: float = 0.0
    down_kbit: float = 0.0
    up_kbit: float = 0.0


#: Lighthouse's slow 4G as its throttling applies it to each request, on a processor four times as slow.
PROFILES = (Profile("as it is"), Profile("slow 4G, processor ÷ 4", 4, 562.5, 1_474.6, 675.0))


@dataclass(frozen=True, slots=True)
class PagesPlan:
    """How often each page is opened in each profile, always with an empty cache."""

    rounds: int = 5
    profiles: tuple[Profile, ...] = PROFILES


@dataclass(frozen=True, slots=True)
class Loaded:
    """One file as it came over the wire, packed."""

    name: str
    bytes: int


@dataclass(slots=True)
class Opening:
    """One visit to a foreign page, and one click on the button."""

    requests_before: int = 0
    bytes_before: int = 0
    long_tasks_before: int = 0
    longest_ms: float = 0.0
    shift: float = 0.0
    usable_ms: float = 0.0
    greeted_ms: float = 0.0
    files: list[Loaded] = field(default_factory=list)


@dataclass(slots=True)
class ConsoleLoad:
    """One first look at the console, and one sign-in."""

    form_ms: float = 0.0
    form_bytes: int = 0
    form_requests: int = 0
    desk_ms: float = 0.0
    desk_bytes: int = 0


@dataclass(slots=True)
class PagesFigures:
    plan: PagesPlan
    browser: str = ""
    openings: dict[str, list[Opening]] = field(default_factory=dict)
    consoles: dict[str, list[ConsoleLoad]] = field(default_factory=dict)


def pages_table(figures: PagesFigures) -> str:
    """Markdown: medians of all rounds, the worst of what must be nothing."""
    names = [profile.name for profile in figures.plan.profiles]

    def row(label: str, cell: Callable[[str], str]) -> tuple[str, ...]:
        return (label, *(cell(name) for name in names))

    def opened(of: Callable[[Opening], float], shown: str = "{:,.0f}") -> Callable[[str], str]:
        return lambda name: shown.format(median(of(one) for one in figures.openings[name]))

    def worst(of: Callable[[Opening], float], shown: str = "{:,.0f}") -> Callable[[str], str]:
        return lambda name: shown.format(max(of(one) for one in figures.openings[name]))

    def console(of: Callable[[ConsoleLoad], float], shown: str = "{:,.0f}") -> Callable[[str], str]:
        return lambda name: shown.format(median(of(one) for one in figures.consoles[name]))

    rows = [
        row("a foreign page with the button: requests before the click (most)", worst(lambda one: one.requests_before)),
        row("bytes before the click", opened(lambda one: one.bytes_before)),
        row("long tasks (over 50 ms) of ours there (most)", worst(lambda one: one.long_tasks_before)),
        row("the longest run of our script there, ms of processor time", worst(lambda one: one.longest_ms, "{:,.1f}")),
        row("layout shift (most)", worst(lambda one: one.shift, "{:.3f}")),
        row("from the click until the box is there and the page at rest, ms", opened(lambda one: one.usable_ms)),
        row("from the click until the greeting stands there, ms", opened(lambda one: one.greeted_ms)),
        row("bytes after the click", opened(lambda one: sum(each.bytes for each in one.files))),
        row("console, nothing cached: the sign-in form, ms", console(lambda one: one.form_ms)),
        row("bytes until then", console(lambda one: one.form_bytes)),
        row("requests until then", console(lambda one: one.form_requests)),
        row("from signing in until the desk stands there, ms", console(lambda one: one.desk_ms)),
        row("bytes in between", console(lambda one: one.desk_bytes)),
    ]
    table = markdown(("", *names), rows)
    newest = next(iter(figures.openings.values()))[-1]
    files = markdown(("the widget, by file (packed as served)", "bytes"), _by_size(newest.files))
    circumstances = (
        f"- Medians of {figures.plan.rounds} visits, each with an empty cache, {figures.browser} on this machine, the "
        "server on it too. Slow 4G is Lighthouse's: 562.5 ms for each request, 1.47 Mbit/s down, 0.68 Mbit/s up."
    )
    return f"{table}\n\n{files}\n\n{circumstances}"


def _by_size(files: Sequence[Loaded]) -> list[tuple[str, str]]:
    return [(one.name, f"{one.bytes:,}") for one in sorted(files, key=lambda one: -one.bytes)]
