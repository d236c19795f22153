"""All articles as files that can be read in again: Markdown with pictures and videos in an archive, or one table."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import xlsxwriter
import yaml

from kb_index.reading.files import CHINA
from kb_index.records import Article

_COLUMNS = (
    "id", "question", "variants", "answer", "category", "tags", "locale", "site", "status", "visibility", "audience",
    "editions", "valid_from", "valid_to", "answer_at",
)  # fmt: skip
_WIDTHS = {"question": 36, "variants": 40, "answer": 70, "category": 18}
_VIDEOS = (".mp4", ".webm")
_CELL = 32_000  # characters that a cell takes


def write_markdown(articles: Sequence[Article], pictures: Path, out: Path) -> None:
    """An archive: one file for each first level of categories, the pictures and videos beside them."""
    files: dict[str, list[str]] = {}
    for article in articles:
        part = (article.category or "").split("/")[0].strip() or "未分类"
        name = "".join(char if char.isalnum() or char in "-_" else "-" for char in part)
        files.setdefault(f"{name}.md", []).append(_written(article))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(name, "\n".join(files[name]))
        for path, file in sorted(_files(articles, pictures)):
            archive.write(file, path, zipfile.ZIP_STORED)  # pictures and videos do not get smaller


def as_table(articles: Sequence[Article]) -> bytes:
    """An XLSX that the import understands; texts stay texts."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("知识库")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, name in enumerate(_COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
        sheet.write_string(0, column, name, bold)
    for row, article in enumerate(articles, 1):
        for column, name in enumerate(_COLUMNS):
            sheet.write_string(row, column, _cell(article, name)[:_CELL], wrapped)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(articles), 1), len(_COLUMNS) - 1)
    book.close()
    return out.getvalue()


def _written(article: Article) -> str:
    """Front matter and answer as `kb_index.reading.markdown` reads them."""
    head: dict[str, object] = {}
    for name in _COLUMNS:
        if name == "answer":
            continue
        value = getattr(article, name)
        if name in ("valid_from", "valid_to"):
            value = _cell(article, name)
        if value not in (None, (), ""):
            head[name] = list(value) if isinstance(value, tuple) else value
    front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n{_answer(article)}\n"


def _answer(article: Article) -> str:
    """With its pictures beside it."""
    text = article.answer
    for picture in article.pictures:
        text = text.replace(f"]({picture.name})", f"]({_place(picture.path)})")
    return text


def _files(articles: Sequence[Article], pictures: Path) -> Iterator[tuple[str, Path]]:
    seen: set[str] = set()
    for article in articles:
        for picture in article.pictures:
            file = pictures / Path(picture.path).name
            if picture.path not in seen and file.is_file():
                seen.add(picture.path)
                yield _place(picture.path), file


def _place(path: str) -> str:
    name = Path(path).name
    return f"{'videos' if name.endswith(_VIDEOS) else 'images'}/{name}"


def _cell(article: Article, name: str) -> str:
    value = getattr(article, name)
    if value is None:
        return ""
    if name in ("valid_from", "valid_to"):
        day = (value + CHINA).date()
        if (value + CHINA).time().isoformat() != "00:00:00":
            return str(value.isoformat())
        return str(day - timedelta(days=1) if name == "valid_to" else day)  # a last day counts whole
    if isinstance(value, tuple):
        return "\n".join(value) if name == "variants" else "、".join(value)
    return str(value)
