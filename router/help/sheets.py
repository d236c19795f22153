"""Canned replies as tables: XLSX or CSV in, rows with their faults out, and the template; stores nothing."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import python_calamine
import xlsxwriter

from kb_index.reading.decoding import Undecodable, decode
from router.errors import Invalid

MAX_ROWS = 2_000
_MAX_UNPACKED = 64 * 1024 * 1024
#: Headings that are understood, and the column that they mean.
_COLUMNS = {
    "folder": "folder", "文件夹": "folder", "分类": "folder", "一级": "folder", "资料夹": "folder",
    "name": "name", "名称": "name", "标题": "name", "二级": "name", "title": "name",
    "text": "text", "内容": "text", "正文": "text", "回复": "text", "body": "text",
}  # fmt: skip
_NEEDED = ("folder", "name", "text")
_HEADINGS = ("文件夹", "名称", "内容")
_EXAMPLES = (
    ("问候", "首次问候", "{上午}好，{客户姓名}，我是{客服姓名}（工号 {工号}），前面的对话我看过了。"),
    ("发票", "开票资料", "请提供抬头、税号和收票邮箱，我来为您登记。"),
    ("结束", "工单跟进", "工单 {工单号} 我们会继续跟进，有进展在这里告诉您。"),
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row with its number as the author sees it."""

    number: int
    folder: str
    name: str
    text: str


def read_sheet(content: bytes, file_name: str) -> list[SheetRow]:
    """The rows of the first sheet, or of a CSV; raises `Invalid` where the file as a whole is no such table."""
    is_xlsx = content.startswith(b"PK") or file_name.lower().endswith((".xlsx", ".xlsm"))
    rows = _xlsx(content) if is_xlsx else _csv(content)
    written = ((number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row))
    found = list(_named(written))
    if len(found) > MAX_ROWS:
        raise Invalid(f"at most {MAX_ROWS} rows at once", limit=MAX_ROWS)
    return found


def template_xlsx() -> bytes:
    """A workbook to fill in."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("常用语")
    sheet.set_column(0, 1, 16)
    sheet.set_column(2, 2, 80)
    for number, row in enumerate((_HEADINGS, *_EXAMPLES)):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return file.getvalue()


def template_csv() -> bytes:
    """The same as CSV with the mark that Excel needs to read UTF-8."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows((_HEADINGS, *_EXAMPLES))
    return file.getvalue().encode("utf-8-sig")


def _named(rows: Iterator[tuple[int, list[str]]]) -> Iterator[SheetRow]:
    heading = next(rows, None)
    if heading is None:
        raise Invalid("the file is empty")
    places = {_COLUMNS[cell.strip().lower()]: place for place, cell in enumerate(heading[1]) if _known(cell)}
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        raise Invalid("the first row must name the columns 文件夹, 名称, 内容 (folder, name, text)", missing=missing)
    for number, row in rows:
        cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        yield SheetRow(number, cells["folder"], cells["name"], cells["text"])


def _known(heading: str) -> bool:
    return heading.strip().lower() in _COLUMNS


def _csv(content: bytes) -> Iterable[list[str]]:
    try:
        text = decode(content)
    except Undecodable as fault:
        raise Invalid(f"line {fault.line}: {fault}") from fault
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise Invalid(f"not readable as CSV: {fault}") from fault


def _xlsx(content: bytes) -> Iterable[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise Invalid("the file is too large when unpacked")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise Invalid("the file is empty")
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MAX_ROWS + 2)
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as fault:
        raise Invalid("not readable as XLSX") from fault
    return [[_written(cell) for cell in row] for row in rows]


def _written(cell: object) -> str:
    """A cell as its author sees it: 502, not 502.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
