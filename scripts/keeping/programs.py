"""The right pg_dump and pg_restore: at least as new as the server, out of the wheel or from this machine."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from database.place import installed_programs
from scripts.keeping.manifest import BackupUnusable

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_ELSEWHERE = "/usr/lib/postgresql"
_LOOK_SECONDS = 0.3


async def find_program(name: str, at_least: int) -> Path:
    """The oldest one that is new enough. Raises `BackupUnusable`."""
    found: list[tuple[int, Path]] = []
    for path in _candidates(name):
        major = await _major(path)
        if major is not None and major >= at_least:
            found.append((major, path))
    if not found:
        raise BackupUnusable(
            f"there is no {name} of PostgreSQL {at_least} or newer here: install postgresql-client-{at_least}"
        )
    return min(found)[1]


def _candidates(name: str) -> Iterator[Path]:
    folders = [installed_programs(), *sorted(Path(_ELSEWHERE).glob("*/bin"))]
    on_path = shutil.which(name)
    if on_path is not None:
        yield Path(on_path)
    for folder in folders:
        if folder is not None and (folder / name).is_file():
            yield folder / name


async def _major(path: Path) -> int | None:
    process = await asyncio.create_subprocess_exec(
        str(path), "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    said, _ = await process.communicate()
    match = _VERSION.search(said.decode(errors="replace"))
    return int(match[1]) if match else None


async def run_program(program: Path, *arguments: str, dsn: str, meanwhile: Callable[[], None]) -> None:
    """Runs it to its end; the address goes in by the environment, where no list of processes shows its password.

    Raises `BackupUnusable` with the last line that it said.
    """
    process = await asyncio.create_subprocess_exec(
        str(program), "--dbname", _without_password(dsn), *arguments,
        env={**os.environ, "LC_ALL": "C", **_password_of(dsn)},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said = asyncio.create_task(process.communicate())
    try:
        while not (await asyncio.wait({said}, timeout=_LOOK_SECONDS))[0]:
            meanwhile()
    except BaseException:
        process.kill()
        await said
        raise
    _, complaints = said.result()
    if process.returncode != 0:
        lines = [line for line in complaints.decode(errors="replace").splitlines() if "error" in line] or ["it failed"]
        raise BackupUnusable(f"{program.name}: {lines[0].removeprefix(f'{program.name}: ')}")


_PASSWORD = re.compile(r"^(?P<start>[a-z]+://[^:@/]*):(?P<password>[^@/]*)@")


def _password_of(dsn: str) -> dict[str, str]:
    match = _PASSWORD.match(dsn)
    return {"PGPASSWORD": unquote(match["password"])} if match else {}


def _without_password(dsn: str) -> str:
    return _PASSWORD.sub(r"\g<start>@", dsn)
