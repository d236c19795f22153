"""How characters sound: syllables without tones, and the coarser sound that slips of tongue and keyboard leave; knows
no words."""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import msgspec

_FIRST, _LAST = 0x4E00, 0x9FFF
_READINGS = 3  # of a character, the usual ones first
_SLIPS = ((re.compile("^([zcs])h"), r"\1"), (re.compile("([aei]n)g$"), r"\1"), (re.compile("^l"), "n"))


@lru_cache(maxsize=1)
def _syllables() -> dict[str, tuple[str, ...]]:
    """From pypinyin's table alone: its dictionary of phrases would take fifty megabytes."""
    package = importlib.util.find_spec("pypinyin")
    if package is None or package.origin is None:
        raise RuntimeError("pypinyin is not installed; run: pip install -r requirements.lock")
    table = msgspec.json.decode((Path(package.origin).parent / "pinyin_dict.json").read_bytes(), type=dict[str, str])
    return {
        chr(int(code)): tuple(dict.fromkeys(_toneless(sound) for sound in sounds.split(",")))[:_READINGS]
        for code, sounds in table.items()
        if _FIRST <= int(code) <= _LAST
    }


def _toneless(sound: str) -> str:
    letters = unicodedata.normalize("NFD", sound.replace("ü", "v"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def sounds_of(character: str) -> tuple[str, ...]:
    """Its syllables, the usual one first; empty for what is no Chinese character."""
    return _syllables().get(character, ())


@lru_cache(maxsize=2_048)
def blurred(syllable: str) -> str:
    """zh ch sh as z c s, -ng as -n, l- as n-."""
    for slip, meant in _SLIPS:
        syllable = slip.sub(meant, syllable)
    return syllable
