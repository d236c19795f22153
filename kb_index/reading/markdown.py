"""Markdown files: articles one after another, each a YAML front matter between `---` lines and a body that is the
answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from kb_index.reading.records import Fault, RawEntry, RawFile

_DEEPEST = 4  # an article needs two; aliases of aliases are somebody's joke
_Loader: type[yaml.BaseLoader] | type[yaml.CBaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_RULE = re.compile(r"^---[ \t]*$")
_FIRST_KEY = re.compile(r"""^["']?(id|question)["']?[ \t]*:""")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")


@dataclass(frozen=True, slots=True)
class _Section:
    opening: int  # index of the line `---`
    closing: int | None  # index of the line that ends the front matter
    end: int  # index after the last line of the body


def read_markdown(text: str, file: str) -> RawFile:
    """Every article of the text; a fault in one never hides the next."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return RawFile((), (Fault(file, 1, "the file is empty"),))
    openings, fences = _openings(lines)
    faults = [Fault(file, number + 1, "this code fence is never closed") for number in fences]
    if not openings or openings[0] != first:
        end = openings[0] if openings else len(lines)
        if any(line.strip() for line in lines[first:end]):
            faults.append(
                Fault(file, first + 1, "an article must begin with a line `---` followed by `id:` or `question:`")
            )
    entries: list[RawEntry] = []
    for section in _sections(lines, openings):
        _read_section(lines, section, file, entries, faults)
    return RawFile(tuple(entries), tuple(faults))


def _openings(lines: list[str]) -> tuple[list[int], list[int]]:
    """Line indexes at which an article begins, and of code fences that never close (and so hide nothing)."""
    openings: list[int] = []
    unclosed: list[int] = []
    position = 0
    while position < len(lines):
        if _begins_article(lines, position):
            openings.append(position)
            position = _closing(lines, position) or position
        elif fence := _FENCE.match(lines[position]):
            closing = _fence_end(lines, position, fence.group(1))
            if closing is None:
                unclosed.append(position)
            else:
                position = closing
        position += 1
    return openings, unclosed


def _begins_article(lines: list[str], position: int) -> bool:
    if not _RULE.match(lines[position]):
        return False
    for line in lines[position + 1 :]:
        if line.strip() and not line.lstrip().startswith("#"):
            return bool(_FIRST_KEY.match(line))
    return False


def _closing(lines: list[str], opening: int) -> int | None:
    """The line that ends the front matter; None where the next article, or the end, comes first."""
    for position in range(opening + 1, len(lines)):
        if _RULE.match(lines[position]):
            return None if _begins_article(lines, position) else position
    return None


def _fence_end(lines: list[str], opening: int, marks: str) -> int | None:
    for position in range(opening + 1, len(lines)):
        fence = _FENCE.match(lines[position])
        if fence and fence.group(1)[0] == marks[0] and len(fence.group(1)) >= len(marks) and not fence.group(2).strip():
            return position
    return None


def _sections(lines: list[str], openings: list[int]) -> list[_Section]:
    ends = [*openings[1:], len(lines)][: len(openings)]
    return [
        _Section(opening, closing if (closing := _closing(lines, opening)) and closing < end else None, end)
        for opening, end in zip(openings, ends, strict=True)
    ]


def _read_section(lines: list[str], section: _Section, file: str, entries: list[RawEntry], faults: list[Fault]) -> None:
    start = section.opening + 1
    named = _named_id(lines[start : section.closing or section.end])
    if section.closing is None:
        faults.append(Fault(file, start, "the front matter is not closed by a line `---`", named))
        return
    header = "\n".join(lines[start : section.closing])
    try:
        node = yaml.compose(header, Loader=_Loader)
        values = _plain(node)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        line = start + 1 + (mark.line if mark is not None else 0)
        faults.append(Fault(file, min(line, section.closing + 1), f"the front matter is not YAML: {problem}", named))
        return
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        faults.append(Fault(file, start + 1, "the front matter is not a list of `name: value`", named))
        return
    places: dict[str, int] = {}
    for key, _ in node.value:
        line = start + 1 + key.start_mark.line
        if key.value in places:
            faults.append(Fault(file, line, f"`{key.value}` stands twice", named))
            return
        places[str(key.value)] = line
    if "answer" in places:
        faults.append(
            Fault(file, places["answer"], "the answer is the text below the front matter, not a field", named)
        )
        return
    body = lines[section.closing + 1 : section.end]
    places["answer"] = section.closing + 2
    entries.append(RawEntry({**values, "answer": "\n".join(body).strip("\n").rstrip()}, start, places))


def _named_id(lines: list[str]) -> str | None:
    for line in lines:
        if found := re.match(r"""^id[ \t]*:[ \t]*["']?([^"'#]+?)["']?[ \t]*(#.*)?$""", line):
            return found.group(1)
    return None


def _plain(node: yaml.Node | None, depth: int = 0) -> object:
    """Texts, lists and maps as written: `yes`, `502` and dates stay the texts that their author typed."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(node, yaml.SequenceNode):
        return [_plain(inner, depth + 1) for inner in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(_plain(key, depth + 1)): _plain(value, depth + 1) for key, value in node.value}
    return str(node.value) if node is not None else None
