"""Local pictures and videos in answers: found, checked and named by their content; refuses what is missing, of another
kind, too large or outside the folder.

A video is written as a picture is, ``![title](clip.mp4)``, or as a picture that leads to it, which is shown until it
plays: ``[![title](first.png)](clip.mp4)``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from kb_index.records import Picture

VideoKind = Literal["mp4", "webm"]

LARGEST_PICTURE = 5 * 1024 * 1024
_MEGABYTE = 1024 * 1024
_HEAD_BYTES = 4096
_TARGET = r"\(\s*<?([^)\s>]+)>?(?:\s+[\"'(][^)\n]*)?\)"
_REFERENCE = re.compile(rf"!\[[^\]\n]*\]{_TARGET}(?:\]{_TARGET})?")
_VIDEO_NAME = re.compile(r"\.(?:mp4|m4v|webm)(?:[?#].*)?$", re.IGNORECASE)
_ELSEWHERE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//|#)")
_CODE = re.compile(r"(```|~~~).*?\1|`[^`\n]*`", re.DOTALL)
_KINDS: tuple[tuple[str, bytes, int], ...] = (
    (".png", b"\x89PNG\r\n\x1a\n", 0),
    (".jpg", b"\xff\xd8\xff", 0),
    (".gif", b"GIF8", 0),
    (".webp", b"WEBP", 8),
)
#: First boxes of MP4 files that browsers play; pictures of cameras and QuickTime films begin with such a box too.
_MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV"}
)
_EBML = b"\x1a\x45\xdf\xa3"
_DOCTYPE_WEBM = re.compile(rb"\x42\x82[\x00-\xff]{1,8}?webm")  # a name, its length in 1 to 8 bytes


@dataclass(frozen=True, slots=True)
class Videos:
    """Which videos answers may have."""

    kinds: tuple[VideoKind, ...] = ("mp4", "webm")
    most_bytes: int = 100 * _MEGABYTE


#: What is taken where nobody says otherwise.
ANY_VIDEOS = Videos()


def video_kind(head: bytes) -> VideoKind | None:
    """The kind by the first bytes of a file; None for everything else."""
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return "mp4"
    return "webm" if head.startswith(_EBML) and _DOCTYPE_WEBM.search(head[:256]) else None


def find_pictures(
    answer: str, folder: Path, root: Path, videos: Videos = ANY_VIDEOS
) -> tuple[dict[Picture, Path], list[tuple[int, str]]]:
    """The pictures and videos an answer refers to (relative to `folder`, inside `root`), and the faults with their line
    in the answer."""
    pictures: dict[Picture, Path] = {}
    faults: list[tuple[int, str]] = []
    visible = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code.group()), answer)
    for name, start in _named(visible):
        picture, message, path = _look_at(name, folder, root, videos)
        if picture is None:
            faults.append((visible.count("\n", 0, start), message))
        else:
            pictures[picture] = path
    return pictures, faults


def references(answer: str) -> list[str]:
    """The local pictures and videos that an answer names, in their order; what stands in code or elsewhere on the net
    is none."""
    return [name for name, _ in _named(_CODE.sub("", answer))]


def _named(visible: str) -> Iterator[tuple[str, int]]:
    for found in _REFERENCE.finditer(visible):
        shown, led_to = found.group(1), found.group(2)
        if not _ELSEWHERE.match(shown):
            yield shown, found.start()
        if led_to and _VIDEO_NAME.search(led_to) and not _ELSEWHERE.match(led_to):
            yield led_to, found.start()


def _look_at(name: str, folder: Path, root: Path, videos: Videos) -> tuple[Picture | None, str, Path]:
    try:
        path = (folder / unquote(name)).resolve()
        inside = path.is_relative_to(root.resolve())
        if inside and path.is_file():
            with path.open("rb") as file:
                head = file.read(_HEAD_BYTES)
                kind, size = video_kind(head), path.stat().st_size
                most = videos.most_bytes if kind else LARGEST_PICTURE
                if size > most:
                    return None, f"the {_word(kind)} {name} is larger than {most // _MEGABYTE} MB", path
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        elif inside:
            return None, f"the picture {name} is missing", path
        else:
            return None, f"the picture {name} lies outside the folder of the articles", path
    except (OSError, ValueError, RuntimeError):
        return None, f"the picture {name} cannot be read", folder
    if kind in videos.kinds:
        return Picture(name, f"pictures/{digest}.{kind}", digest), "", path
    for ending, mark, place in _KINDS:
        if head[place : place + len(mark)] == mark:
            return Picture(name, f"pictures/{digest}{ending}", digest), "", path
    return None, f"the picture {name} is not PNG, JPEG, GIF or WebP, nor a video in MP4 or WebM", path


def _word(kind: VideoKind | None) -> str:
    return "picture" if kind is None else "video"
