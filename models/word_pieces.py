"""Cuts texts into the pieces of a unigram vocabulary (Kudo 2018, arXiv:1804.10959), as the tokenizers library does with
a fifth of its memory and start-up time; refuses a tokenizer of another kind."""

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from tokenizers import Tokenizer

_UNKNOWN_PENALTY = 10.0  # below the least likely piece, as in SentencePiece
_REMEMBERED_WORDS = 20_000  # short ones; in languages with spaces most words come again
_LONGEST_REMEMBERED = 24  # characters
_ODD_TEXTS = ("", " ", "  two  spaces ", "Ａ１①㍿", "🙂🙂 ‡‡", "한국어 العربية ไทย", "x" * 40, "a\u0301\u200b\u3000b")


class OtherTokenizer(ValueError):
    """The tokenizer is of another kind."""


class _File(msgspec.Struct, frozen=True, array_like=True):
    """What `keep_word_pieces` writes."""

    around: str  # a tokenizer.json without its vocabulary: normalisation and the cut into words
    pieces: list[str]
    scores: list[float]
    unknown: int
    before: list[int]
    after: list[int]


class WordPieces:
    """Ids of a text's pieces; one thread at a time."""

    def __init__(self, file: Path, limit: int) -> None:
        content = msgspec.msgpack.decode(file.read_bytes(), type=_File)
        around = Tokenizer.from_str(content.around)
        self._normalise = around.normalizer.normalize_str if around.normalizer is not None else str
        self._cut = around.pre_tokenizer.pre_tokenize_str
        self._ids = {piece: place for place, piece in enumerate(content.pieces)}
        self._scores = array("d", content.scores)
        self._unknown = content.unknown
        self._unknown_score = min(content.scores) - _UNKNOWN_PENALTY
        self._before, self._after = content.before, content.after
        self._room = limit - len(content.before) - len(content.after)
        self._reach: dict[str, int] = {}  # first two characters → characters of the longest piece
        for piece in content.pieces:
            length = len(piece)
            if length > 1 and length > self._reach.get(piece[:2], 1):
                self._reach[piece[:2]] = length
        self._remembered: dict[str, Sequence[int]] = {}

    def ids(self, text: str) -> list[int]:
        """The pieces between the model's marks for beginning and end, cut to the limit."""
        found: list[int] = []
        for word, _ in self._cut(self._normalise(text)):
            found += self._word(word)
            if len(found) >= self._room:
                break
        return [*self._before, *found[: self._room], *self._after]

    def _word(self, word: str) -> Sequence[int]:
        known = self._remembered.get(word)
        if known is not None:
            return known
        ids = self._likeliest(word)
        if len(word) <= _LONGEST_REMEMBERED:
            if len(self._remembered) >= _REMEMBERED_WORDS:
                self._remembered.clear()
            self._remembered[word] = ids
        return ids

    def _likeliest(self, word: str) -> Sequence[int]:
        """The cut of the greatest sum of scores, found from left to right (Viterbi)."""
        find, scores, reach, unknown = self._ids.get, self._scores, self._reach.get, self._unknown
        count = len(word)
        best = [float("-inf")] * (count + 1)
        best[0] = 0.0
        came_from, with_id = [0] * (count + 1), [0] * (count + 1)
        for start in range(count):
            here = best[start]
            found = find(word[start], unknown)
            score = here + (self._unknown_score if found == unknown else scores[found])
            if score > best[start + 1]:
                best[start + 1], came_from[start + 1], with_id[start + 1] = score, start, found
            for end in range(start + 2, min(count, start + reach(word[start : start + 2], 1)) + 1):
                longer = find(word[start:end])
                if longer is not None:
                    score = here + scores[longer]
                    if score > best[end]:
                        best[end], came_from[end], with_id[end] = score, start, longer
        return self._joined(came_from, with_id)

    def _joined(self, came_from: Sequence[int], with_id: Sequence[int]) -> Sequence[int]:
        """From the end back to the beginning; neighbouring unknown pieces are one."""
        path: list[int] = []
        end = len(came_from) - 1
        while end:
            if not (path and path[-1] == self._unknown == with_id[end]):
                path.append(with_id[end])
            end = came_from[end]
        return path[::-1]


def keep_word_pieces(tokenizer: Path, target: Path, probes: Sequence[str]) -> bool:
    """Writes what `WordPieces` needs; nothing where it would not cut the probes as the tokenizers library does."""
    try:
        target.write_bytes(msgspec.msgpack.encode(_extracted(msgspec.json.decode(tokenizer.read_bytes()))))
    except OtherTokenizer:
        return False
    library = Tokenizer.from_file(str(tokenizer))
    library.no_padding()
    library.no_truncation()
    ours = WordPieces(target, 8192)
    if all(ours.ids(text) == library.encode(text).ids for text in (*probes, *_ODD_TEXTS)):
        return True
    target.unlink()
    return False


def _extracted(described: dict[str, Any]) -> _File:
    model = described["model"]
    if model.get("type") != "Unigram" or model.get("byte_fallback") or not described.get("pre_tokenizer"):
        raise OtherTokenizer
    before, after = _marks(described.get("post_processor"))
    special = {token["content"] for token in described.get("added_tokens", ())}
    without = {**model, "vocab": model["vocab"][: model["unk_id"] + 1]}
    return _File(
        around=msgspec.json.encode({**described, "added_tokens": [], "model": without}).decode(),
        # What has a meaning to the model is no word in a customer's mouth.
        pieces=["" if piece in special else piece for piece, _ in model["vocab"]],
        scores=[score for _, score in model["vocab"]],
        unknown=model["unk_id"],
        before=before,
        after=after,
    )


def _marks(template: dict[str, Any] | None) -> tuple[list[int], list[int]]:
    """Ids before and after a single text."""
    if template is None:
        return [], []
    if template["type"] != "TemplateProcessing":
        raise OtherTokenizer
    sides: tuple[list[int], list[int]] = ([], [])
    side = 0
    for part in template["single"]:
        if "Sequence" in part:
            side = 1
        else:
            sides[side].extend(template["special_tokens"][part["SpecialToken"]["id"]]["ids"])
    return sides
