"""The figures as a table for people; every ratio compares what was measured within the same round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from bench.measuring import Figures, Measured


def table(figures: Figures) -> str:
    """Markdown, ready for the README."""
    rows = [
        ("", "per second", "per second of processor time", "ratio", "by processor time"),
        ("---", "---:", "---:", "---:", "---:"),
        ("durable turn, question never asked before", *_rates(figures.fresh), *_ratios(figures.fresh, figures.encoder)),
        ("bare encoder, the same questions", *_rates(figures.encoder), "", ""),
        ("durable turn, encoder's cache warm", *_rates(figures.cached), *_ratios(figures.cached, figures.echo)),
        ("stock python-socketio, bare echo with acknowledgement", *_rates(figures.echo), "", ""),
    ]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    own = zip(figures.cached_own, figures.echo, strict=True)
    lines += [
        "",
        f"- Without the database's share of the core a warm turn is {median(figures.cached_own):,.0f} per second of "
        f"processor time, {median(rate / bare.per_processor_second for rate, bare in own):.2f} of stock's echo.",
    ]
    lines += [*_memory(figures), _latency(figures), "", *_circumstances(figures)]
    return "\n".join(lines)


def _median(measured: Sequence[Measured], of: Callable[[Measured], float]) -> float:
    return median(of(each) for each in measured)


def _rates(measured: Sequence[Measured]) -> tuple[str, str]:
    return (
        f"{_median(measured, lambda one: one.per_second):,.0f}",
        f"{_median(measured, lambda one: one.per_processor_second):,.0f}",
    )


def _ratios(ours: Sequence[Measured], bare: Sequence[Measured]) -> tuple[str, str]:
    pairs = list(zip(ours, bare, strict=True))
    return (
        f"{median(a.per_second / b.per_second for a, b in pairs):.2f}",
        f"{median(a.per_processor_second / b.per_processor_second for a, b in pairs):.2f}",
    )


def _memory(figures: Figures) -> list[str]:
    desk, stock = figures.desk_idle_bytes / 1024, figures.stock_idle_bytes / 1024
    return [
        f"- Memory of an idle connection ({figures.plan.idle:,} pages that offer compression): "
        f"{desk:.1f} KiB; stock python-socketio {stock:.1f} KiB"
    ]


def _latency(figures: Figures) -> str:
    return (
        f"- A durable turn with a warm cache at {figures.plan.steady_per_second:g} turns/s takes "
        f"{_median(figures.steady, lambda one: one.p50_ms):.1f} ms (median), "
        f"{_median(figures.steady, lambda one: one.p99_ms):.1f} ms (99 %)"
    )


def _circumstances(figures: Figures) -> list[str]:
    plan = figures.plan
    database = "on the generator's core" if plan.database_apart else "on the server's core too"
    pinned = "server and load generator each on a core of their own" if figures.cores.generator is not None else (
        "only one core: server and load generator share it, so take the column by processor time"
    )  # fmt: skip
    busy = {
        name: max(each.generator_busy for each in measured)
        for name, measured in (("turns", figures.fresh + figures.cached), ("echo", figures.echo))
    }
    had = {
        name: _median(measured, lambda one: one.server_busy)
        for name, measured in (("new", figures.fresh), ("warm", figures.cached), ("echo", figures.echo))
    }
    return [
        f"Medians of {plan.rounds} interleaved rounds of {plan.seconds:g} s; {pinned}, the database {database}. "
        f"{plan.pages} pages ({plan.askers} for new questions), each with one turn under way.",
        f"Making 8 KiB safe on this disk (fdatasync): {figures.fdatasync_ms:.2f} ms. "
        f"Load average {figures.load_before:.1f} before, {figures.load_after:.1f} after.",
        f"The server had {had['new']:.0%} of its core with new questions, {had['warm']:.0%} with a warm cache, "
        f"the echo {had['echo']:.0%}; the generator used at most {busy['turns']:.0%} of its own for turns, "
        f"{busy['echo']:.0%} for echoes.",
        f"{figures.answered_share:.0%} of the last answers came from an article.",
        "Again: make bench; short: make bench ARGS=--quick.",
    ]
