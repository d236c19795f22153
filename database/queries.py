"""Named SQL: each capability keeps its statements, named and described, in one ``queries.sql`` beside its store.

The form is ``-- name: join_line``, then comment lines that describe it, then one statement with ``$1`` parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from database.errors import MissingQuery

_NAME = re.compile(r"^--\s*name:\s*(?P<name>.*?)\s*$")
_IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]*$")


class Queries(Mapping[str, str]):
    """The statements of one file by name; asking for one that is not there raises `MissingQuery`."""

    def __init__(self, source: Path, statements: Mapping[str, str]) -> None:
        self.source = source
        self._statements = dict(statements)

    def __getitem__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise MissingQuery(f"{self.source}: there is no statement named {name}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._statements

    def __iter__(self) -> Iterator[str]:
        return iter(self._statements)

    def __len__(self) -> int:
        return len(self._statements)


def load_queries(package_file: Path | str) -> Queries:
    """Reads the ``queries.sql`` beside a module (pass its ``__file__``), in a folder, or the file itself."""
    path = Path(package_file)
    if path.suffix != ".sql":
        path = (path if path.is_dir() else path.parent) / "queries.sql"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MissingQuery(f"{path}: there is no such file") from None
    return Queries(path, _parse(path, text))


def _parse(path: Path, text: str) -> dict[str, str]:
    statements: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _NAME.match(line)
        if heading:
            name = heading["name"]
            if not _IDENTIFIER.match(name):
                raise MissingQuery(f"{path}:{number}: {name!r} is not a name for a statement")
            if name in statements:
                raise MissingQuery(f"{path}:{number}: {name} stands here twice")
            current = statements[name] = []
        elif current is not None:
            current.append(line)
        elif line.strip() and not line.startswith("--"):
            raise MissingQuery(f"{path}:{number}: a statement without a name")
    found = {}
    for name, lines in statements.items():
        while lines and (not lines[0].strip() or lines[0].startswith("--")):
            lines.pop(0)
        statement = "\n".join(lines).strip().removesuffix(";").rstrip()
        if not statement:
            raise MissingQuery(f"{path}: {name} has no statement")
        found[name] = statement
    return found
