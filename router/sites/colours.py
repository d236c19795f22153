"""A site's one colour as the shades of the chat, each readable on what lies behind it (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

from collections.abc import Sequence

#: Red, green, blue, each 0 to 1.
Colour = tuple[float, float, float]

_WHITE, _INK, _NIGHT = (1.0, 1.0, 1.0), (0.071, 0.094, 0.086), (0.102, 0.125, 0.122)
_TEXT = 4.5
_STEPS = 50


def parse(text: str) -> Colour:
    """``#rrggbb``."""
    red, green, blue = (int(text[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def written(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """``share`` of the other one in it."""
    red, green, blue = (mine + (theirs - mine) * share for mine, theirs in zip(colour, other, strict=True))
    return red, green, blue


def foreground(colour: Colour) -> Colour:
    """White where it can be read on the colour, else the darker ink; one of both always can."""
    return _WHITE if contrast(_WHITE, colour) >= _TEXT else max(_WHITE, _INK, key=lambda one: contrast(one, colour))


def readable(colour: Colour, grounds: Sequence[Colour], towards: Colour, least: float = _TEXT) -> Colour:
    """The colour itself, or as much nearer to ``towards`` as it needs to be read on each of the grounds."""
    tried = (mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next((one for one in tried if all(contrast(one, ground) >= least for ground in grounds)), towards)


def light(colour: Colour) -> dict[str, str]:
    """The custom properties of the chat's style sheet in the light theme."""
    soft = mixed(colour, _WHITE, 0.9)
    shades = {
        "accent": colour,
        "accent-hover": mixed(colour, _INK, 0.14),
        "accent-ink": readable(colour, (_WHITE, soft), _INK),
        "accent-soft": soft,
        "accent-line": mixed(colour, _WHITE, 0.7),
        "on-accent": foreground(colour),
    }
    return {name: written(shade) for name, shade in shades.items()}


def dark(colour: Colour) -> dict[str, str]:
    """The same on a dark ground: a colour that would sink into it is lifted until its edge is seen."""
    accent, soft = readable(colour, (_NIGHT,), _WHITE, least=3.0), mixed(colour, _NIGHT, 0.78)
    shades = {
        "accent": accent,
        "accent-hover": mixed(accent, _WHITE, 0.1),
        "accent-ink": readable(colour, (_NIGHT, soft), _WHITE),
        "accent-soft": soft,
        "accent-line": mixed(colour, _NIGHT, 0.6),
        "on-accent": foreground(accent),
    }
    return {name: written(shade) for name, shade in shades.items()}
