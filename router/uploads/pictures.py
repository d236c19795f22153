"""Pictures made anew: decoded, turned as the camera meant, and written again, so that nothing of what was beside the
pixels is left; refuses what is broken, what is too large to decode, and what only calls itself a picture.

Synchronous and hungry: run it in an executor of its own.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from router.errors import Invalid, TooLarge
from router.uploads.kinds import GIF, JPEG, PNG, WEBP, Kind

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_KINDS = {"JPEG": JPEG, "PNG": PNG, "GIF": GIF, "WEBP": WEBP, "BMP": PNG}
_QUALITY = 88
_PREVIEW_QUALITY = 80
_MAX_FRAMES = 500
#: What Pillow's decoders raise for bytes that make no picture.
_BROKEN = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error,
    zlib.error,
)  # fmt: skip


class PictureBroken(Invalid):
    """The picture cannot be read; it may be damaged or of another kind than its name says."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """``pixels``: of all frames together, as they are decoded; sides in pixels."""

    pixels: int
    side: int
    preview_side: int


@dataclass(frozen=True, slots=True)
class Remade:
    """A picture and its preview as files; no preview where the picture is small itself."""

    path: Path
    preview: Path | None
    kind: Kind
    width: int
    height: int


def remake(source: Path, folder: Path, bounds: Bounds) -> Remade:
    """Writes the picture anew into ``folder``. Raises `PictureBroken`, and `TooLarge` before anything is decoded."""
    try:
        with Image.open(source, formats=_FORMATS) as picture:
            _require_bounds(picture, bounds)
            kind = _KINDS.get(picture.format or "")
            if kind is None:
                raise PictureBroken
            if kind in (GIF, WEBP) and getattr(picture, "n_frames", 1) > 1:
                return _remake_moving(picture, kind, folder, bounds)
            return _remake_still(picture, PNG if kind is GIF else kind, folder, bounds)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_many_pixels(bounds) from fault
    except _BROKEN as fault:
        raise PictureBroken from fault


def _require_bounds(picture: Image.Image, bounds: Bounds) -> None:
    width, height = picture.size
    if width < 1 or height < 1:
        raise PictureBroken
    if width * height > bounds.pixels:
        raise _too_many_pixels(bounds)


def _too_many_pixels(bounds: Bounds) -> TooLarge:
    megapixels = bounds.pixels // 1_000_000
    return TooLarge(f"the picture has more than {megapixels} million pixels", limit_pixels=bounds.pixels)


def _remake_still(picture: Image.Image, kind: Kind, folder: Path, bounds: Bounds) -> Remade:
    if kind is JPEG:
        picture.draft("RGB", (bounds.side, bounds.side))  # a photograph is decoded no larger than it is kept
    picture.load()
    turned = _plain(ImageOps.exif_transpose(picture), kind)
    turned.thumbnail((bounds.side, bounds.side), Image.Resampling.LANCZOS)
    path = folder / "picture"
    if kind is JPEG:
        turned.save(path, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    elif kind is WEBP:
        turned.save(path, "WEBP", quality=_QUALITY, method=3)
    else:
        turned.save(path, "PNG", compress_level=6)
    return Remade(path, _preview(turned, folder, bounds), kind, *turned.size)


def _remake_moving(picture: Image.Image, kind: Kind, folder: Path, bounds: Bounds) -> Remade:
    """Frame by frame; the whole film counts as pixels."""
    count, (width, height) = getattr(picture, "n_frames", 1), picture.size
    if count > _MAX_FRAMES or count * width * height > bounds.pixels:
        raise _too_many_pixels(bounds)
    frames, times = [], []
    for frame in ImageSequence.Iterator(picture):
        frames.append(_plain(frame.copy(), kind))
        times.append(max(20, round(frame.info.get("duration") or 100)))
    path = folder / "picture"
    saved = {"save_all": True, "append_images": frames[1:], "duration": times, "loop": 0}
    if kind is GIF:
        frames[0].save(path, "GIF", disposal=2, **saved)
    else:
        frames[0].save(path, "WEBP", quality=_QUALITY, method=0, **saved)
    return Remade(path, _preview(frames[0], folder, bounds, always=True), kind, width, height)


def _plain(picture: Image.Image, kind: Kind) -> Image.Image:
    """Pixels alone, in a mode that every browser shows; what a picture says about itself is not taken along."""
    see_through = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if see_through and kind is not JPEG else "RGB"
    if picture.mode in ("I;16", "I;16B", "I", "F"):
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    plain = Image.new(mode, picture.size)
    plain.paste(picture.convert(mode))
    return plain


def _preview(picture: Image.Image, folder: Path, bounds: Bounds, *, always: bool = False) -> Path | None:
    if max(picture.size) <= bounds.preview_side * 3 // 2 and not always:
        return None
    small = picture.copy()
    small.thumbnail((bounds.preview_side, bounds.preview_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    path = folder / "preview"
    small.save(path, "WEBP", quality=_PREVIEW_QUALITY, method=3)
    return path
