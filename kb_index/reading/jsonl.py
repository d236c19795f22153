"""JSONL files: one article an object a line."""

from __future__ import annotations

import msgspec

from kb_index.reading.fields import known_name
from kb_index.reading.records import Fault, RawEntry, RawFile


def read_jsonl(text: str, file: str) -> RawFile:
    """Every line on its own: a broken one is a fault and hides no other."""
    entries: list[RawEntry] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = msgspec.json.decode(line.encode("utf-8", "surrogatepass"))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            faults.append(Fault(file, number, f"not JSON: {error}"))
            continue
        if not isinstance(value, dict):
            faults.append(Fault(file, number, "not a JSON object"))
            continue
        fields: dict[str, object] = {}
        for key, content in value.items():
            name = known_name(key) or key
            if name in fields:
                faults.append(Fault(file, number, f"`{name}` stands twice"))
                break
            if content is not None:
                fields[name] = content
        else:
            entries.append(RawEntry(fields, number))
    if not entries and not faults:
        faults.append(Fault(file, 1, "the file is empty"))
    return RawFile(tuple(entries), tuple(faults))
