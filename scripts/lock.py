"""Writes the locks beside requirements*.in: the installed versions of everything that they lead to, each named once."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
#: Each adds to the ones before: what serves, what converts and trains models, what checks and tests.
NAMES = ("requirements", "requirements-models", "requirements-dev")


class NotInstalled(Exception):
    """A requirement that the present environment lacks."""


def wanted(file: Path) -> list[Requirement]:
    """The requirements that a file names by hand."""
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line]


def closure(roots: list[Requirement]) -> dict[str, str]:
    """Every distribution that the roots need here, with its installed version; raises `NotInstalled`."""
    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    ahead = list(roots)
    while ahead:
        requirement = ahead.pop()
        name = canonicalize_name(requirement.name)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        try:
            installed = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            raise NotInstalled(f"{name} is not installed") from None
        if not requirement.specifier.contains(installed.version, prereleases=True):
            raise NotInstalled(f"{name} {installed.version} is installed, not {requirement.specifier}")
        found[name] = re.sub(r"\+.*$", "", installed.version)  # the build differs from machine to machine
        for text in installed.requires or []:
            needed = Requirement(text)
            extras = requirement.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                ahead.append(needed)
    return found


def main() -> int:
    """Exit code 0, or 1 with one line when something is missing."""
    roots: list[Requirement] = []
    pinned: dict[str, str] = {}
    for name in NAMES:
        roots += wanted(ROOT / f"{name}.in")
        try:
            found = closure(roots)
        except NotInstalled as error:
            print(f"{error}: pip install {' '.join(f'-r {each}.in' for each in NAMES)}", file=sys.stderr)
            return 1
        new = {package: version for package, version in sorted(found.items()) if package not in pinned}
        pinned |= new
        lines = [f"# Written by `make lock` from {name}.in.", *(f"{each}=={version}" for each, version in new.items())]
        (ROOT / f"{name}.lock").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{name}.lock: {len(new)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
