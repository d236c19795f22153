"""What a file is, told by its content and never by its name; what is not in the catalogue has no kind, pages and
drawings that a browser would run among it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from router.uploads.settings import KindName

HEAD_BYTES = 8192
TAIL_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Kind:
    """``extensions``: those that a name may keep; the first one is given to names with another."""

    name: KindName
    type: str
    extensions: tuple[str, ...]

    @property
    def is_picture(self) -> bool:
        return self.name == "picture"


JPEG = Kind("picture", "image/jpeg", ("jpg", "jpeg", "jfif"))
PNG = Kind("picture", "image/png", ("png",))
GIF = Kind("picture", "image/gif", ("gif",))
WEBP = Kind("picture", "image/webp", ("webp",))
BMP = Kind("picture", "image/bmp", ("bmp",))
PDF = Kind("pdf", "application/pdf", ("pdf",))
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = Kind("docx", f"{_OFFICE}.wordprocessingml.document", ("docx",))
XLSX = Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",))
PPTX = Kind("pptx", f"{_OFFICE}.presentationml.presentation", ("pptx",))
ZIP = Kind("zip", "application/zip", ("zip",))
OFFICE97 = Kind("office97", "application/octet-stream", ("doc", "xls", "ppt", "wps", "et", "dps", "msg", "vsd"))
GZIP = Kind("gzip", "application/gzip", ("gz", "tgz"))
MP4 = Kind("mp4", "video/mp4", ("mp4", "m4v", "mov"))
WEBM = Kind("webm", "video/webm", ("webm",))
TEXT = Kind("text", "text/plain", ("txt", "log", "csv", "tsv", "md", "json", "yaml", "yml", "ini", "conf", "sql"))

_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"BM", BMP),
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE97),
    (b"\x1f\x8b\x08", GZIP),
    (b"\x1a\x45\xdf\xa3", WEBM),
)
_PARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"word/document", DOCX),
    (b"xl/workbook", XLSX),
    (b"ppt/presentation", PPTX),
)
#: Brands of the first box of videos; pictures of cameras (heic, avif) begin with such a box too.
_VIDEO_BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  ",
                           b"3gp4", b"3gp5", b"dash", b"MSNV"})  # fmt: skip
#: What browsers take for a page or a drawing, at the beginning of a text.
_RUNS = re.compile(
    r"^[\s\ufeff]*(?:<\?xml[^>]*\?>|<!--.*?-->|\s)*<(?:!doctype|html|head|body|script|svg|iframe|img|style|title|a|b|br|"
    r"div|font|h1|p|table|meta|link|object|embed|math|form)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def kind_of(head: bytes, tail: bytes = b"") -> Kind | None:
    """The kind by the first `HEAD_BYTES` and the last `TAIL_BYTES` of a file; None for what is in no list."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return MP4 if head[8:12] in _VIDEO_BRANDS else None
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(head, tail)
    return TEXT if _is_text(head) else None


def _packed(head: bytes, tail: bytes) -> Kind | None:
    """A ZIP file, or a document that is one: its parts are listed at its end. With macros it has no kind."""
    listed = head + tail
    if b"vbaProject.bin" in listed:
        return None
    return next((kind for part, kind in _PARTS if part in listed), ZIP)


def _is_text(head: bytes) -> bool:
    """Words in UTF-8, or in GB18030 as Windows writes them; neither bytes of a program nor a page for a browser."""
    if not head:
        return False
    text = _decoded(head)
    return text is not None and not _CONTROL.search(text) and not _RUNS.search(text)


def _decoded(head: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the last character may have been cut in two
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError as fault:
                if len(head) < HEAD_BYTES or fault.start < len(head) - 4:
                    break
    return None
