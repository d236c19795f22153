"""Local pictures in answers: found, checked and named by their content; refuses what is missing, not a picture, or
outside the folder."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote

from kb_index.records import Picture

LARGEST_PICTURE = 5 * 1024 * 1024
_REFERENCE = re.compile(r"!\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'(][^)\n]*)?\)")
_ELSEWHERE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//|#)")
_CODE = re.compile(r"(```|~~~).*?\1|`[^`\n]*`", re.DOTALL)
_KINDS: tuple[tuple[str, bytes, int], ...] = (
    (".png", b"\x89PNG\r\n\x1a\n", 0),
    (".jpg", b"\xff\xd8\xff", 0),
    (".gif", b"GIF8", 0),
    (".webp", b"WEBP", 8),
)


def find_pictures(answer: str, folder: Path, root: Path) -> tuple[dict[Picture, Path], list[tuple[int, str]]]:
    """The pictures an answer refers to (relative to `folder`, inside `root`), and the faults with their line in the
    answer."""
    pictures: dict[Picture, Path] = {}
    faults: list[tuple[int, str]] = []
    visible = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code.group()), answer)
    for found in _REFERENCE.finditer(visible):
        name = found.group(1)
        if _ELSEWHERE.match(name):
            continue
        picture, message, path = _look_at(name, folder, root)
        if picture is None:
            faults.append((visible.count("\n", 0, found.start()), message))
        else:
            pictures[picture] = path
    return pictures, faults


def references(answer: str) -> list[str]:
    """The local pictures that an answer names, in their order; what stands in code or elsewhere on the net is none."""
    visible = _CODE.sub("", answer)
    return [name for found in _REFERENCE.finditer(visible) if not _ELSEWHERE.match(name := found.group(1))]


def _look_at(name: str, folder: Path, root: Path) -> tuple[Picture | None, str, Path]:
    try:
        path = (folder / unquote(name)).resolve()
        inside = path.is_relative_to(root.resolve())
        if inside and path.is_file():
            if path.stat().st_size > LARGEST_PICTURE:
                return None, f"the picture {name} is larger than {LARGEST_PICTURE // 1024 // 1024} MB", path
            content = path.read_bytes()
        elif inside:
            return None, f"the picture {name} is missing", path
        else:
            return None, f"the picture {name} lies outside the folder of the articles", path
    except (OSError, ValueError, RuntimeError):
        return None, f"the picture {name} cannot be read", folder
    for ending, mark, place in _KINDS:
        if content[place : place + len(mark)] == mark:
            digest = hashlib.sha256(content).hexdigest()
            return Picture(name, f"pictures/{digest}{ending}", digest), "", path
    return None, f"the picture {name} is not PNG, JPEG, GIF or WebP", path
