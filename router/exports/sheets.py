"""Workbooks written row by row to a file that has no name; a cell is a number, a time or text, and never a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Literal
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What one cell of the format holds.
_MOST_CHARACTERS = 32_000
_SAFE = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

Cell = str | int | float | bool | datetime | date | None
Look = Literal["plain", "share", "seconds"]


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: its title, how wide it is in characters, and how its numbers look."""

    title: str
    width: int = 16
    look: Look = "plain"


class Book:
    """Sheets are written one after the other, each from its first row to its last; times are those of ``zone``."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by who sends it)
        self._book = xlsxwriter.Workbook(self._file, dict(_SAFE))
        bold = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self._bold = self._book.add_format(bold)
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._looks = {
            "plain": None,
            "share": self._book.add_format({"num_format": "0.0%"}),
            "seconds": self._book.add_format({"num_format": "0"}),
        }

    def sheet(self, name: str, headings: Sequence[Heading]) -> Sheet:
        """A new sheet with its first row, which stays in sight."""
        made = self._book.add_worksheet(name)
        for column, heading in enumerate(headings):
            made.set_column(column, column, heading.width)
        made.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            made.write_string(0, column, heading.title, self._bold)
        return Sheet(self, made, headings)

    def put(self, sheet: Worksheet, row: int, column: int, cell: Cell, look: Look) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, int | float):
            sheet.write_number(row, column, cell, self._looks[look])
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, column, cell.astimezone(self._zone).replace(tzinfo=None), self._time)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._day)
        else:
            sheet.write_string(row, column, _readable(cell))

    def finish(self) -> IO[bytes]:
        """The file, at its beginning; it vanishes when it is closed."""
        self._book.close()
        self._file.seek(0)
        return self._file


class Sheet:
    """The rows of one sheet, from above down."""

    def __init__(self, book: Book, sheet: Worksheet, headings: Sequence[Heading]) -> None:
        self._book = book
        self._sheet = sheet
        self._headings = headings
        self.rows = 0

    def add(self, cells: Iterable[Cell]) -> None:
        self.rows += 1
        for column, (cell, heading) in enumerate(zip(cells, self._headings, strict=True)):
            self._book.put(self._sheet, self.rows, column, cell, heading.look)


def _readable(text: str) -> str:
    """Without the control characters that the format cannot hold."""
    kept = "".join(one for one in text if one >= " " or one in "\n\t")
    return kept if len(kept) <= _MOST_CHARACTERS else kept[:_MOST_CHARACTERS] + "…"
