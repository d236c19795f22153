"""Where settings come from: a file with lines, the environment, the command line; each value knows its place.

Secrets are taken from the environment only, and no fault ever shows a secret's value.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import yaml

Location = tuple[str, ...]
OptionalPath = TypeVar("OptionalPath", Path, Path | None)

DEFAULT_FILE = Path(__file__).resolve().parents[1] / "config.yaml"
_PREFIX = "YINGDA_"
_Loader: TypeAlias = yaml.SafeLoader | yaml.CSafeLoader
#: The one written in C reads config.yaml six times as fast.
_LOADER: type[_Loader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Names in the environment that belong to no section.
_SHORT_NAMES: dict[str, Location] = {
    "YINGDA_DATA_DIR": ("data_dir",),
    "YINGDA_ADMIN_PASSWORD": ("admin", "password"),
}
SECRETS: dict[Location, str] = {
    ("security", "identity_secrets"): "YINGDA_SECURITY__IDENTITY_SECRETS",
    ("security", "token_key"): "YINGDA_SECURITY__TOKEN_KEY",
    ("security", "sealing_keys"): "YINGDA_SECURITY__SEALING_KEYS",
    ("security", "lookup_key"): "YINGDA_SECURITY__LOOKUP_KEY",
    ("notifications", "mail_password"): "YINGDA_NOTIFICATIONS__MAIL_PASSWORD",
    ("notifications", "sms_secret"): "YINGDA_NOTIFICATIONS__SMS_SECRET",
    ("notifications", "robot_urls"): "YINGDA_NOTIFICATIONS__ROBOT_URLS",
    ("notifications", "robot_secrets"): "YINGDA_NOTIFICATIONS__ROBOT_SECRETS",
    ("admin", "password"): "YINGDA_ADMIN_PASSWORD",
}
#: Of these, the ones that are tables and come as JSON.
_SECRET_TABLES = frozenset({"identity_secrets", "robot_urls", "robot_secrets"})
#: May hold a password, so faults do not repeat them.
_SILENT: frozenset[Location] = frozenset({*SECRETS, ("database", "url"), ("redis", "url")})


class SettingsError(Exception):
    """Settings that cannot be used; one line for each fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(slots=True)
class Given:
    """The merged values, and for each the place that named it last."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Location, str] = field(default_factory=dict)
    folder: Path = DEFAULT_FILE.parent
    from_here: set[Location] = field(default_factory=set)
    tables: Mapping[Location, Mapping[str, Any]] = field(default_factory=dict)

    def put(self, location: Location, value: Any, place: str) -> None:
        """Sets one value over what came before."""
        target = self.values
        for depth, name in enumerate(location[:-1], start=1):
            deeper = target.get(name)
            if not isinstance(deeper, dict):
                deeper = target[name] = dict(self.tables.get(location[:depth], {}))
            target = deeper
        target[location[-1]] = value
        for inner in [known for known in self.places if known[: len(location)] == location]:
            del self.places[inner]  # what stood inside is replaced
        self.places[location] = place

    def place_of(self, location: Location) -> str:
        """The place of a value, or of the nearest thing around or inside it."""
        for length in range(len(location), 0, -1):
            if location[:length] in self.places:
                return self.places[location[:length]]
        inside = [place for known, place in self.places.items() if known[: len(location)] == location]
        return inside[0] if inside else "settings"

    def absolute(self, location: Location, path: OptionalPath) -> OptionalPath:
        """A path of the file counts from the file's folder, any other from the current one."""
        if path is None:
            return path
        base = Path.cwd() if location in self.from_here else self.folder
        return base / path.expanduser()


def read_sources(
    argv: Sequence[str], environ: Mapping[str, str], tables: Mapping[Location, Mapping[str, Any]]
) -> Given:
    """File, environment and command line, the later over the earlier; raises `SettingsError`.

    ``tables`` are the defaults of settings with free keys.
    """
    options = _parser().parse_args(list(argv))
    given = Given(tables=tables)
    faults: list[str] = []
    if options.config is not None or DEFAULT_FILE.exists():
        faults += _read_file(options.config or DEFAULT_FILE, given)
    faults += _read_environment(environ, given)
    faults += _read_options(options, given)
    if faults:
        raise SettingsError(faults)
    return given


def faults_of(errors: Sequence[Any], given: Given) -> list[str]:
    """What a validation found, each as ``place: name: what is wrong``."""
    lines = []
    for error in errors:
        location = tuple(str(part) for part in error["loc"] if part != "[key]")
        message = str(error["msg"])
        if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            message = "there is no such setting"
        elif error["type"] == "value_error":
            message = message.removeprefix("Value error, ")
            location, message = _named_inside(location, message)
        else:
            message = message.replace("Input should", "should").replace("Input", "it")
            if location[:2] not in _SILENT and not isinstance(error["input"], dict | list):
                message += f", not {error['input']!r}"
        name = ".".join(location)
        lines.append(f"{given.place_of(location)}: {name}: {message}")
    return lines


def _named_inside(location: Location, message: str) -> tuple[Location, str]:
    """Checks across several settings of a section name the one at fault in front of their message."""
    named = re.match(r"^([a-z_]+(?:\.[a-z_]+)*): (.*)$", message, re.DOTALL)
    if not named:
        return location, message
    inner = tuple(named[1].split("."))
    return (inner if inner[: len(location)] == location else location + inner), named[2]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m router", description="Runs Yingda 应答, the support desk.")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (default: config.yaml)")
    parser.add_argument("--host", help="address to listen on")
    parser.add_argument("--port", help="port to listen on")
    parser.add_argument("--workers", help="processes that serve on this machine")
    parser.add_argument("--data-dir", metavar="FOLDER", help="folder for everything the program writes")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="SECTION.KEY=VALUE",
        help="any setting, e.g. --set routing.assignment=pick; may be repeated",
    )
    return parser


def _read_options(options: argparse.Namespace, given: Given) -> list[str]:
    faults = []
    pairs = [pair.partition("=") for pair in options.set]
    for name, separator, text in pairs:
        location = tuple(part.strip().replace("-", "_") for part in name.split("."))
        if not separator or not all(location):
            faults.append(f"command line: --set {name}: should be like routing.assignment=pick")
        elif location[:2] in SECRETS:
            faults.append(f"command line: {name}: comes from the environment only ({SECRETS[location[:2]]})")
        else:
            given.put(location, _value(text), f"command line: --set {name}")
            given.from_here.add(location)
    for location, text in (
        (("server", "host"), options.host),
        (("server", "port"), options.port),
        (("server", "workers"), options.workers),
        (("data_dir",), options.data_dir),
    ):
        if text is not None:
            given.put(location, text, "command line")
            given.from_here.add(location)
    return faults


def _read_environment(environ: Mapping[str, str], given: Given) -> list[str]:
    for name, text in sorted(environ.items()):
        if not text.strip():
            continue  # compose files pass on what is not set as empty
        location = _SHORT_NAMES.get(name)
        if location is None and name.startswith(_PREFIX) and "__" in name:
            location = tuple(part.lower() for part in name.removeprefix(_PREFIX).split("__"))
        if location is not None:
            value = text if location in _SILENT and location[-1] not in _SECRET_TABLES else _value(text)
            given.put(location, value, f"environment: {name}")
            given.from_here.add(location)
    return []


def _value(text: str) -> Any:
    """Text as it is; lists and tables are written as in YAML or JSON."""
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return yaml.safe_load(text)
        except yaml.YAMLError:
            return text
    return text


def _read_file(path: Path, given: Given) -> list[str]:
    shown = path.name if path == DEFAULT_FILE else str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        return [f"{shown}: {reason}"]
    given.folder = path.resolve().parent
    return read_text(text, shown, given, "sections such as server: and routing:")


def read_text(text: str, shown: str, given: Given, sections: str = "sections such as holidays:") -> list[str]:
    """Takes the values of a YAML text with their lines into ``given``; returns the faults of its form."""
    try:
        loader = _LOADER(text)
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return [f"{shown}:{mark.line + 1 if mark else 1}: not valid YAML: {error.problem}"]
    except yaml.YAMLError as error:
        return [f"{shown}: not valid YAML: {' '.join(str(error).split())}"]
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        return [f"{shown}:{root.start_mark.line + 1}: should hold {sections}"]
    faults: list[str] = []
    given.values = _mapping(root, (), shown, loader, given, faults)
    return faults


def _faulty_node(node: yaml.Node, loader: _Loader) -> yaml.Node:
    """The innermost part of a value that says nothing, such as a thirteenth month."""
    parts = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
    for part in parts if isinstance(node, yaml.CollectionNode) else ():
        try:
            loader.construct_object(part, deep=True)
        except (yaml.YAMLError, ValueError):
            return _faulty_node(part, loader)
    return node


def _mapping(
    node: yaml.MappingNode,
    inside: Location,
    shown: str,
    loader: _Loader,
    given: Given,
    faults: list[str],
) -> dict[str, Any]:
    loader.flatten_mapping(node)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        location = (*inside, key)
        place = f"{shown}:{key_node.start_mark.line + 1}"
        if key in found:
            faults.append(f"{place}: {'.'.join(location)}: stands here twice")
        if location in SECRETS:
            faults.append(f"{place}: {'.'.join(location)}: comes from the environment only ({SECRETS[location]})")
        given.places[location] = place
        if isinstance(value_node, yaml.MappingNode):
            found[key] = _mapping(value_node, location, shown, loader, given, faults)
            continue
        try:
            found[key] = loader.construct_object(value_node, deep=True)
        except (yaml.YAMLError, ValueError) as error:
            line = _faulty_node(value_node, loader).start_mark.line + 1
            faults.append(f"{shown}:{line}: {'.'.join(location)}: {getattr(error, 'problem', None) or error}")
        if isinstance(value_node, yaml.SequenceNode):
            for number, item in enumerate(value_node.value):
                given.places[(*location, str(number))] = f"{shown}:{item.start_mark.line + 1}"
    if not inside:
        found = {key: value for key, value in found.items() if value is not None}  # a section with only comments
    return found
