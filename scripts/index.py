"""`python -m scripts.index`: lists index versions and puts an earlier one back, answers included, in running
servers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import msgspec

from kb_index.articles import Author
from scripts.opening import open_knowledge_base, run
from scripts.reindex import user_name


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 on a failure told in one line, 2 on wrong usage."""
    options = _parse(argv)
    return run(lambda: _versions(options.json) if options.command == "versions" else _roll_back(options.version))


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.index", description="Index versions of the knowledge base."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    versions = commands.add_parser(
        "versions", help="list all versions, newest first", description="Lists all versions."
    )
    versions.add_argument("--json", action="store_true", help="print one JSON list instead of text")
    back = commands.add_parser(
        "rollback",
        help="put an earlier version back",
        description="Serves an earlier version again; its articles become the current ones.",
    )
    back.add_argument(
        "version", nargs="?", type=int, metavar="VERSION", help="(default: the one before the served one)"
    )
    return parser.parse_args(argv)


async def _versions(as_json: bool) -> int:
    async with open_knowledge_base() as base:
        versions = await base.versions.all()
    if as_json:
        told = [
            {
                "version": version.number, "serving": version.serving, "created_at": version.created_at,
                "articles": version.articles, "texts": version.texts, "encoder": version.encoder,
                "kind": version.kind, "note": version.note,
            }
            for version in versions
        ]  # fmt: skip
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        return 0
    if not versions:
        print("there is no index version yet")
    for version in versions:
        mark = "serving" if version.serving else ""
        print(
            f"{version.number:>5}  {version.created_at:%Y-%m-%d %H:%M:%S} UTC  {version.articles:>5} articles  "
            f"{version.texts:>6} texts  {version.encoder}  {version.note or ''}{mark}"
        )
    return 0


async def _roll_back(number: int | None) -> int:
    async with open_knowledge_base() as base:
        served = await base.versions.roll_back(number, Author(f"rollback ({user_name()})"))
    print(f"index version {served} is being served; its articles are the current ones")
    return 0


if __name__ == "__main__":
    sys.exit(main())
