"""Pages of our own as text: every word escaped, two languages side by side, nothing fetched, no script; refuses
attributes that could run something."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class Html(str):
    """Markup that is safe to put into a page; made only in this module. Any other text is escaped first."""

    __slots__ = ()


_STYLE = Path(__file__).with_name("report.css")
#: Characters that no reader sees and that could turn a line around or break it.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_NAME = re.compile(r"[a-z][a-zA-Z0-9-]*")
_VOID = ("meta", "input", "br")


@dataclass(frozen=True, slots=True)
class Both:
    """The same words in Chinese and in English."""

    zh: str
    en: str


Words = Both | str
Cell = Both | str | int | float | None  # a str that is no `Html` is escaped


def text(said: str) -> Html:
    """Plain text, whatever it contains; characters that cannot be seen become �."""
    return Html(html.escape(_UNSEEN.sub("\ufffd", said.encode("utf-8", "replace").decode())))


def quoted(said: str) -> Html:
    """What somebody wrote: its direction does not spill over into ours."""
    return tag("bdi", text(said))


def words(said: Words, name: str = "span") -> Html:
    """Words in one or two languages; the reader's choice hides one of the two."""
    if isinstance(said, str):
        return said if isinstance(said, Html) else text(said)
    return join(
        tag(name, text(said.zh), cls="zh", lang="zh-CN"),
        tag(name, text(said.en), cls="en", lang="en"),
    )


def plain(said: Words) -> str:
    """For places where only one text fits, such as labels that are read aloud."""
    return said if isinstance(said, str) else f"{said.zh} / {said.en}"


def tag(name: str, /, *children: Html, cls: str = "", **attributes: str | float) -> Html:
    """One element; `_` in an attribute's name stands for `-`. Raises ValueError for one that could run or fetch."""
    given = {"class": cls, **attributes} if cls else dict(attributes)
    shown = ""
    for key, value in given.items():
        attribute = key.rstrip("_").replace("_", "-")
        elsewhere = attribute == "href" and not str(value).startswith("#")
        if not _NAME.fullmatch(attribute) or attribute.startswith("on") or attribute in ("style", "src") or elsewhere:
            raise ValueError(f"a page of ours has no attribute {attribute!r}")
        shown += f' {attribute}="{text(f"{value:g}" if isinstance(value, float) else str(value))}"'
    if name in _VOID:
        return Html(f"<{name}{shown}>")
    return Html(f"<{name}{shown}>{''.join(children)}</{name}>")


def join(*parts: Html) -> Html:
    """One after another."""
    return Html("".join(parts))


def paragraph(said: Words, cls: str = "") -> Html:
    """A paragraph in both languages."""
    return tag("p", words(said), cls=cls)


def table(caption: Words, headers: Sequence[Words], rows: Sequence[Sequence[Cell]], cls: str = "") -> Html:
    """The first column names the row; numbers stand right. Scrolls by itself on a narrow page."""
    sides = [_side(rows[0][column]) if rows and column else "" for column in range(len(headers))]
    head = tag(
        "tr", *(tag("th", words(header), scope="col", cls=side) for header, side in zip(headers, sides, strict=True))
    )
    body = [
        tag("tr", tag("th", _cell(row[0]), scope="row"), *(tag("td", _cell(cell), cls=_side(cell)) for cell in row[1:]))
        for row in rows
    ]
    made = tag("table", tag("caption", words(caption)), tag("thead", head), tag("tbody", *body))
    return tag("div", made, cls=f"scroll {cls}".strip(), tabindex="0", role="region", aria_label=plain(caption))


def section(name: str, title: Words, *parts: Html) -> Html:
    """A part of the page with its heading."""
    return tag("section", tag("h2", words(title), id=name), *parts, aria_labelledby=name)


def card(figure: str, title: Words, meaning: Words, cls: str = "") -> Html:
    """A large figure with its name and what it means."""
    parts = [tag("strong", text(figure)), tag("b", words(title)), paragraph(meaning)]
    return tag("div", *parts, cls=f"card {cls}".strip())


def page(title: Both, *parts: Html) -> str:
    """A whole document that needs nothing from anywhere."""
    style = _STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", text(plain(title))),
        Html(f"<style>{style}</style>"),
    )
    body = join(_switch(), tag("main", tag("h1", words(title)), *parts))
    return f'<!doctype html>\n<html lang="zh-CN">\n<head>{head}</head>\n<body>{body}</body>\n</html>\n'


def _switch() -> Html:
    """Two radio buttons that the style sheet looks at."""
    return tag(
        "div",
        tag("input", type="radio", name="language", id="chinese", checked=""),
        tag("label", text("中文"), for_="chinese", lang="zh-CN"),
        tag("input", type="radio", name="language", id="english"),
        tag("label", text("English"), for_="english", lang="en"),
        cls="switch",
        role="radiogroup",
        aria_label="语言 / Language",
    )


def percent(share: float | None, digits: int = 0) -> str:
    """A share for people; – where there is none."""
    return "–" if share is None else f"{share:.{digits}%}"


def span(interval: tuple[float, float] | None, digits: int = 0) -> str:
    """An interval of shares for people."""
    return "–" if interval is None else f"{interval[0]:.{digits}%} – {interval[1]:.{digits}%}"


def _cell(cell: Cell) -> Html:
    if cell is None:
        return text("–")
    if isinstance(cell, Both):
        return words(cell)
    if isinstance(cell, int | float):
        return text(f"{cell:,}")
    return cell if isinstance(cell, Html) else text(cell)


def _side(cell: Cell) -> str:
    shown = cell if isinstance(cell, str) else ""
    return "number" if isinstance(cell, int | float) or re.fullmatch(r"[\d.,%–+−-]+", shown) else ""
