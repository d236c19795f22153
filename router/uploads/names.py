"""Names of files as people gave them, safe to show and to save: no path, no trick with directions, not too long."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from router.uploads.kinds import Kind

_LONGEST = 120
#: Also as browsers write a quotation mark and line ends into a form.
_FORBIDDEN = re.compile(r'(?:[\\/:*?"<>|\x00-\x1f\x7f]|%22|%0D|%0A)+')
#: Marks that turn the direction of writing, and characters that nobody sees: ``photo\u202egpj.exe`` reads as a picture.
_HIDDEN = {"Cf", "Cc", "Cs", "Co", "Zl", "Zp"}
#: Names that Windows keeps for itself.
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def safe_name(given: str | None, kind: Kind) -> str:
    """The last part of the name with an extension that fits what the file is; ``picture.png`` where none was given."""
    seen = "".join(
        each for each in unicodedata.normalize("NFC", given or "") if unicodedata.category(each) not in _HIDDEN
    )
    name = _FORBIDDEN.sub("_", re.split(r"[\\/]", seen)[-1]).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    if extension.lower() not in kind.extensions:
        stem, extension = name, kind.extensions[0]
    stem = stem.strip(" .")[:_LONGEST]
    if not stem or _RESERVED.match(stem.split(".")[0]):
        stem = kind.name if not stem else f"_{stem}"
    return f"{stem}.{extension}"


def disposition(name: str, *, inline: bool) -> str:
    """``Content-Disposition`` with the name in UTF-8 (RFC 6266, RFC 8187) and an ASCII one for old programs."""
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "._- ") else "_" for each in name)
    how = "inline" if inline else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
