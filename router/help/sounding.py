"""How a canned reply is looked for: its words, its pinyin and the initials of its pinyin; stores nothing."""

from __future__ import annotations

from itertools import islice, product

from kb_index.pinyin import sounds_of
from models.characters import folded

_READINGS = 8  # of a name whose characters sound in more than one way
_READ = 40  # characters of a name, of a folder
_BODY = 400
_SEPARATOR = "\n"


def search_key(folder: str, name: str, body: str) -> str:
    """Everything that `needle` may be found in: names, their pinyin (kaifapiao) and initials (kfp), then the words."""
    parts = [folded(name), folded(folder), *_sounds(name), *_sounds(folder), folded(body[:_BODY])]
    return _SEPARATOR + _SEPARATOR.join(dict.fromkeys(part for part in parts if part))


def needle(asked: str) -> str:
    """What was typed after “/”, as keys are written; pinyin may be typed with spaces."""
    text = folded(asked).strip()
    return text.replace(" ", "") if text.isascii() else text


def _sounds(text: str) -> list[str]:
    """Whole pinyin and initials; what is no Chinese character stands for itself."""
    readings = []
    for character in folded(text[:_READ]):
        if character.isalnum():
            readings.append(tuple(dict.fromkeys(sounds_of(character) or (character,)))[:2])
    found: list[str] = []
    for reading in islice(product(*readings), _READINGS):
        found.append("".join(reading))
        found.append("".join(sound[0] for sound in reading))
    return found
