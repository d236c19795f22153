"""Tables: CSV (comma, semicolon or tab) and XLSX, one row an article, the first row naming the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from kb_index.reading.fields import known_name
from kb_index.reading.records import Fault, RawEntry, RawFile

_CELL_LIMIT = 1_000_000


def read_csv(text: str, file: str) -> RawFile:
    """Rows of a CSV text; a cell may run over several lines."""
    if not text.strip():
        return RawFile((), (Fault(file, 1, "the file is empty"),))
    csv.field_size_limit(_CELL_LIMIT)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        read = _entries(iter(rows), file, "line")
        return RawFile(read.entries, (*read.faults, Fault(file, line, f"not readable as CSV from here on: {error}")))
    return _entries(iter(rows), file, "line")


def read_xlsx(path: Path, file: str) -> RawFile:
    """Rows of every sheet that has a heading row; line numbers are row numbers."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return RawFile((), (Fault(file, 1, f"not readable as XLSX: {reason}"),))
    entries: list[RawEntry] = []
    faults: list[Fault] = []
    for name, rows in sheets:
        if not any(_written(cell) for row in rows for cell in row):
            continue
        shown = file if len(sheets) == 1 else f"{file}[{name}]"
        read = _entries(
            ((number, [_written(cell) for cell in row]) for number, row in enumerate(rows, 1)), shown, "row"
        )
        entries += read.entries
        faults += read.faults
    if not entries and not faults:
        faults.append(Fault(file, 1, "the file is empty"))
    return RawFile(tuple(entries), tuple(faults))


def _delimiter(text: str) -> str:
    heading = text.split("\n", 1)[0]
    return max(",;\t", key=heading.count)


def _entries(rows: Iterator[tuple[int, list[str]]], file: str, unit: str) -> RawFile:
    heading: list[str | None] | None = None
    entries: list[RawEntry] = []
    faults: list[Fault] = []
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if heading is None:
            heading = [known_name(cell) for cell in row]
            if "question" not in heading or "answer" not in heading:
                return RawFile(
                    (),
                    (
                        Fault(
                            file, number, "the first row must name the columns: at least question and answer (or q, a)"
                        ),
                    ),
                )
            named = [name for name in heading if name]
            if len(named) != len(set(named)):
                return RawFile((), (Fault(file, number, "a column is named twice"),))
            continue
        if any(cell.strip() for cell in row[len(heading) :]):
            faults.append(
                Fault(file, number, f"this {unit} has more cells than the first names columns", _id(heading, row))
            )
            continue
        fields = {name: cell for name, cell in zip(heading, row, strict=False) if name and cell.strip()}
        entries.append(RawEntry(fields, number))
    return RawFile(tuple(entries), tuple(faults))


def _id(heading: list[str | None], row: list[str]) -> str | None:
    if "id" not in heading or heading.index("id") >= len(row):
        return None
    return row[heading.index("id")].strip() or None


def _written(cell: float | str | bool | time | date | datetime | timedelta | None) -> str:
    """A cell as its author sees it: 502, not 502.0."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
