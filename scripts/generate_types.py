"""Writes what pages take over from the server: the types of the wire, and its own sentences in two languages; --check
only says whether they are out of date."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from inspect import getsource
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Literal, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, Struct, structs
from msgspec import inspect as wire

from router import events, payloads, sentences
from router.notifications.words import Words
from router.payloads.base import Outgoing

WEB = Path(__file__).parent.parent / "web"
TARGET = WEB / "shared" / "src" / "events.ts"
SENTENCES = WEB / "console" / "src" / "language" / "en" / "sentences.ts"
HEAD = (
    "// Generated from router/payloads by `python -m scripts.generate_types`; do not edit by hand.\n"
    "// Times are RFC 3339 strings in UTC, ids are UUID strings. A field with `?` may be absent.\n"
)
SCALARS: Mapping[type[wire.Type], str] = {
    wire.StrType: "string",
    wire.UUIDType: "string",
    wire.DateTimeType: "string",
    wire.IntType: "number",
    wire.FloatType: "number",
    wire.BoolType: "boolean",
    wire.NoneType: "null",
    wire.AnyType: "unknown",
}
FIELD_COMMENT = re.compile(r"^    (\w+): .*?  # (.+)$", re.MULTILINE)
BASES = {"Outgoing", "Incoming", "Storing"}  # carry fields and settings for others; never on the wire themselves


class TypeScript:
    """Turns the structs of some modules into TypeScript; a literal union that has a name there keeps it."""

    def __init__(self, modules: Sequence[ModuleType]) -> None:
        self._modules = {module.__name__: module for module in modules}
        self._names: dict[frozenset[object], str] = {
            frozenset(get_args(value)): name
            for module in modules
            for name, value in vars(module).items()
            if get_origin(value) is Literal
        }

    def render(self) -> str:
        """The whole file."""
        return "\n".join([HEAD, *self._literals(), *self._interfaces(), *self._maps()])

    def _literals(self) -> Iterator[str]:
        for values, name in self._names.items():
            kept_order = next(getattr(module, name) for module in self._modules.values() if hasattr(module, name))
            assert frozenset(get_args(kept_order)) == values
            yield f"export type {name} = {' | '.join(_quote(value) for value in get_args(kept_order))};"
        yield ""

    def _interfaces(self) -> Iterator[str]:
        for module in self._modules.values():
            for struct in vars(module).values():
                if (
                    isinstance(struct, type)
                    and issubclass(struct, Struct)
                    and struct.__module__ == module.__name__
                    and struct.__name__ not in BASES
                ):
                    yield from self._interface(struct)

    def _interface(self, struct: type[Struct]) -> Iterator[str]:
        if struct.__doc__ and struct.__doc__ not in {base.__doc__ for base in struct.__mro__[1:]}:
            yield f"/** {' '.join(struct.__doc__.split())} */"
        comments = {
            name: comment
            for base in reversed(struct.__mro__)
            if base.__module__ in self._modules
            for name, comment in FIELD_COMMENT.findall(getsource(base))
        }
        defaults = {field.name: field.default for field in structs.fields(struct)}
        info = wire.type_info(struct)
        assert isinstance(info, wire.StructType)
        yield f"export interface {struct.__name__} {{"
        for field in info.fields:
            comment = f" // {comments[field.name]}" if field.name in comments else ""
            yield f"  {field.encode_name}{self._typed(struct, field, defaults[field.name])};{comment}"
        yield "}\n"

    def _typed(self, struct: type[Struct], field: wire.Field, default: object) -> str:
        """What stands after the field's name: `?` where it may be absent, null only where null crosses the wire."""
        outgoing = issubclass(struct, Outgoing)
        left_out = struct.__struct_config__.omit_defaults if outgoing else True
        absent = default is UNSET or (not field.required and left_out)
        never_null = outgoing and absent and (default is None or default is UNSET)
        return f"{'?' if absent else ''}: {self._of(field.type, without_null=never_null)}"

    def _of(self, kind: wire.Type, *, without_null: bool = False) -> str:
        match kind:
            case wire.LiteralType(values=values):
                return self._names.get(frozenset(values)) or " | ".join(_quote(value) for value in values)
            case wire.StructType(cls=cls):
                return cls.__name__
            case wire.ListType(item_type=item):
                inner = self._of(item)
                return f"({inner})[]" if "|" in inner else f"{inner}[]"
            case wire.TupleType(item_types=items):
                return f"[{', '.join(self._of(item) for item in items)}]"
            case wire.DictType(value_type=value):
                return f"Record<string, {self._of(value)}>"
            case wire.UnionType(types=types):
                kept = [one for one in types if not (without_null and isinstance(one, wire.NoneType))]
                return " | ".join(dict.fromkeys(self._of(one) for one in kept))
            case wire.Metadata(type=inside):
                return self._of(inside)
        if type(kind) not in SCALARS:
            raise SystemExit(f"generate_types: no TypeScript for {kind}")
        return SCALARS[type(kind)]

    def _maps(self) -> Iterator[str]:
        for name, table in (("ChatEvents", events.CHAT_EVENTS), ("AgentEvents", events.AGENT_EVENTS)):
            yield "/** Client events: name → payload and acknowledgement (null: none is sent). */"
            yield f"export interface {name} {{"
            for event, (payload, ack) in table.items():
                yield f"  {event}: {{ payload: {payload.__name__}; ack: {ack.__name__ if ack else 'null'} }};"
            yield "}\n"
        for name, served in (
            ("ChatServerEvents", events.CHAT_SERVER_EVENTS),
            ("AgentServerEvents", events.AGENT_SERVER_EVENTS),
        ):
            yield "/** Server events: name → payload. */"
            yield f"export interface {name} {{"
            for event, payload in served.items():
                yield f"  {event}: {payload.__name__};"
            yield "}\n"


def _pairs() -> Mapping[str, tuple[str, str]]:
    """The sentences, and what may stand in one about a notice that could not be sent; {n} is no number there."""
    troubles = Words("", ZoneInfo("UTC")).troubles()
    named = {
        code: (one.replace("{n}", "{what}"), two.replace("{n}", "{what}")) for code, (one, two) in troubles.items()
    }
    return {**sentences.SENTENCES, **named}


def _sentences() -> str:
    """The server's own sentences, for pages in another language than the one they are kept in."""

    def table(name: str, type_: str, rows: Iterable[tuple[str, object]]) -> str:
        lines = "".join(f"  {_quote(key)}: {_quote(value)},\n" for key, value in rows)
        return f"export const {name}: Readonly<Record<string, {type_}>> = {{\n{lines}}};\n"

    return "\n".join(
        (
            "// Generated from router/sentences.py by `python -m scripts.generate_types`; do not edit by hand.\n",
            "// What stands at a place of a sentence; words of people where it is not named here.\n"
            + table("PLACES", "string", sentences.PLACES.items()),
            "// What stands between the parts of a list, by kind.\n"
            + table("BETWEEN", "string", sentences.BETWEEN.items()),
            "// Code to Chinese and English.\n" + table("SENTENCES", "readonly [string, string]", _pairs().items()),
        )
    )


def _modules() -> list[ModuleType]:
    return [import_module(f"{payloads.__name__}.{found.name}") for found in iter_modules(payloads.__path__)]


def _quote(value: object) -> str:
    return msgspec.json.encode(value).decode()


def main(arguments: list[str] | None = None) -> int:
    """Writes or checks the file; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.generate_types", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is out of date")
    wanted = parser.parse_args(arguments)
    files = {TARGET: TypeScript(_modules()).render(), SENTENCES: _sentences()}
    for target, text in files.items():
        text = text.rstrip() + "\n"
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        if wanted.check:
            print(f"{target.relative_to(WEB.parent)} is out of date: run `python -m scripts.generate_types`",
                  file=sys.stderr)  # fmt: skip
            return 1
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
