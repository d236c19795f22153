"""`python -m scripts.doctor`: looks at this installation and says what is wrong and what to do; changes nothing.

Exit status: 0 where nothing is wrong (advice may be given), 1 where something is, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from io import TextIOWrapper

from prometheus_client.parser import text_string_to_metric_families

from router.settings import Settings, SettingsError, load_settings
from scripts.doctor import database, installation, machine, outside
from scripts.doctor.findings import Finding, Language, fail, ok

_MARKS = {"ok": "✓", "warn": "!", "fail": "✗", "skip": "-"}


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.doctor",
        description="Look at this installation and say in one line each what is wrong and what to do.",
        epilog="Exit status: 0 all well, 1 something wrong, 2 wrong usage. It changes nothing and shows no secret.",
        allow_abbrev=False,
    )
    parser.add_argument("--config", metavar="FILE", help="settings file (default: config.yaml)")
    parser.add_argument("--set", metavar="SECTION.KEY=VALUE", action="append", default=[], help="one setting")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the lines (default: zh)")
    parser.add_argument("--json", action="store_true", help="everything as one JSON object")
    parser.add_argument("--quiet", action="store_true", help="only what is not well")
    return parser


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """The exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Chinese shows question marks
    options = arguments().parse_args(argv)
    given = [*(["--config", options.config] if options.config else []), *(f"--set={one}" for one in options.set)]
    return asyncio.run(_examine(given, environ, options))


async def _examine(given: Sequence[str], environ: Mapping[str, str], options: argparse.Namespace) -> int:
    language: Language = options.lang
    found: list[Finding] = []
    async with aclosing(_findings(given, environ)) as findings:
        async for finding in findings:
            found.append(finding)
            if not options.json:
                _print(finding, language, quiet=options.quiet)
    failed = sum(finding.state == "fail" for finding in found)
    warned = sum(finding.state == "warn" for finding in found)
    if options.json:
        print(
            json.dumps({"ok": not failed, "findings": [_as_json(each, language) for each in found]}, ensure_ascii=False)
        )
    elif language == "zh":
        print(f"查了 {len(found)} 项：{failed} 项有问题，{warned} 项建议处理。")
    else:
        print(f"{len(found)} looks: {failed} wrong, {warned} to be seen to.")
    return 1 if failed else 0


async def _findings(given: Sequence[str], environ: Mapping[str, str]) -> AsyncGenerator[Finding, None]:
    for finding in (*installation.python(), *installation.packages()):
        yield finding
    try:
        settings = load_settings(given, environ)
    except SettingsError as fault:
        for line in str(fault).splitlines():
            yield fail(
                "settings",
                (f"设置有误：{line}", f"a setting is wrong: {line}"),
                ("改好后再运行一次", "put it right and run this again"),
            )
        return
    yield ok("settings", "设置无误", "the settings are right")
    for finding in await asyncio.to_thread(_local, settings):
        yield finding
    notifications = settings.notifications
    for looks in (
        database.database(settings),
        outside.wire(settings),
        outside.mail(notifications),
        outside.gateways(notifications),
        outside.store(settings.uploads, settings.uploads.clamd),
    ):
        async for finding in looks:
            yield finding


def _local(settings: Settings) -> list[Finding]:
    return [
        *installation.encoder(settings.encoder),
        *installation.keys(settings),
        *installation.passwords(settings.security),
        *machine.data_folder(settings),
        *machine.memory(),
        *machine.descriptors(settings),
        *machine.port(settings),
        *machine.proxies(settings, _metrics(settings)),
    ]


def _metrics(settings: Settings) -> dict[str, float]:
    """What the running server tells of itself, summed over labels; nothing where none runs."""
    host = "127.0.0.1" if settings.server.host in ("0.0.0.0", "::", "") else settings.server.host
    answer = machine.ask(f"http://{host}:{settings.server.port}/metrics")
    numbers: dict[str, float] = {}
    if answer is not None and answer[0] == 200:
        for family in text_string_to_metric_families(answer[1]):
            for sample in family.samples:
                numbers[sample.name] = numbers.get(sample.name, 0.0) + sample.value
    return numbers


def _print(finding: Finding, language: Language, *, quiet: bool) -> None:
    if quiet and finding.state in ("ok", "skip"):
        return
    line = f"{_MARKS[finding.state]} {finding.check}: {finding.words.say(language)}"
    if finding.advice is not None:
        line += (" → " if language == "zh" else " -> ") + finding.advice.say(language)
    print(line, flush=True)


def _as_json(finding: Finding, language: Language) -> dict[str, str | None]:
    return {
        "check": finding.check,
        "state": finding.state,
        "text": finding.words.say(language),
        "advice": None if finding.advice is None else finding.advice.say(language),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
