"""A question as the knowledge base would write it: Simplified characters, words mistyped by sound or written in pinyin,
no long product name in front; leaves alone what it does not know."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import opencc
import rjieba

from kb_index.pinyin import blurred, sounds_of
from models.text import normalised

_Key = TypeVar("_Key")

_HAN = re.compile("[\u4e00-\u9fff]+")
_KANA = re.compile("[\u3041-\u30ff]")
_LETTERS = re.compile(r"(?<![A-Za-z0-9_.@/-])[a-zA-Z]{2,}(?: [a-zA-Z]+)*(?![A-Za-z0-9_@/-]|\.[a-z])")
_LONGEST = 4  # characters of a word that is looked for
_OFTEN = 3  # times that characters which are no dictionary word must stand together to be taken for one
_NEEDS = 4  # characters that must be left of a question without its product name
_MOST = 200  # characters: longer questions have enough other words
_TRADITIONAL = 0.5  # of texts that simplifying changes; from there on the knowledge base is a Traditional one

_PRODUCT = re.compile(
    "^(?P<name>[^,，。？?！!、]{0,16}?(?:软件|系统|平台|产品|工具)(?P<edition>[\u4e00-\u9fff]{1,4}版)?)"
    "(?P<inside>里面|里边|里|中|上|内)?的?[,，]?"
)
_GENERIC_WORDS = """
    请问 一下 请教 你好 您好 我 我们 你 你们 您 贵 司 贵司 贵公司 公司 单位 用 使用 在 是 的 这 这个 那个 一个 项目 管理
    项目管理 任务 任务管理 协作 协同 办公 软件 系统 平台 产品 工具 专业 专业版 企业 企业版 免费 免费版 旗舰 旗舰版 标准
    标准版 版 私有 部署 想 问 想问
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_ENGLISH_WORDS = "the to is my i how do does what why when where of in it you your an and or for with on not"
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
#: Too common to be somebody's slip, or to be what was meant.
_LITTLE = frozenset(
    "的了着也不是有我你他她它们就都还把被让给和与跟去来个这那哪吗呢吧啊想会能可么为什很太再又先没多少只一该再在"
)
_TOGETHER = 0.15  # of the times that two characters occur: less often beside each other, they are no word
#: Words of Taiwan's offices that OpenCC leaves.
_TAIWAN = (
    ("签核", "审批"), ("信箱", "邮箱"), ("权杖", "令牌"), ("帐号", "账号"), ("单一登录", "单点登录"),
    ("地端", "私有部署"), ("凭证", "证书"), ("要径", "关键路径"), ("行动版", "手机版"), ("专案", "项目"),
)  # fmt: skip


class Rewording:
    """Made from what the knowledge base says."""

    def __init__(self, said: Sequence[str]) -> None:
        counts: Counter[str] = Counter()
        for text in said:
            for chunk in _HAN.findall(text):
                for length in range(1, _LONGEST + 1):
                    counts.update(chunk[at : at + length] for at in range(len(chunk) - length + 1))
        words = {word: n for word, n in counts.items() if len(word) == 1 or _is_word(word, counts)}
        self._together = frozenset(counts)
        self._total = math.log(sum(words.values()) + 1)
        self._by_sound: dict[tuple[str, ...], tuple[int, str]] = {}
        self._by_letters: dict[str, tuple[int, str]] = {}
        for word, n in words.items():
            readings = _readings(word)
            for reading in readings:
                _keep(self._by_letters, "".join(reading), n, word)
            if len(word) > 1 and readings and not _LITTLE & set(word):
                heard = readings[0] if len(word) == 2 else tuple(map(blurred, readings[0]))
                _keep(self._by_sound, heard, n, word)
        changed = sum(_simplified(text) != text for text in said)
        self._simplifies = changed < _TRADITIONAL * max(len(said), 1)

    def __call__(self, question: str) -> str:
        """The question itself where there is nothing to put right."""
        text = normalised(question)
        if len(text) > _MOST or _KANA.search(text):
            return question
        reworded = _in_simplified(text) if self._simplifies else text
        reworded = self._without_product(reworded)
        reworded = _HAN.sub(lambda found: self._as_it_sounds(found.group()), reworded)
        reworded = self._from_letters(reworded)
        return question if reworded == text else reworded

    def _without_product(self, text: str) -> str:
        found = _PRODUCT.match(text)
        if not found or not _HAN.search(text) or len(text) - found.end() < _NEEDS:
            return text
        named = found.end() > found.end("name") or found["name"].endswith("版")
        pieces = rjieba.cut(found["name"], False)
        product = next((at for at, piece in enumerate(pieces) if piece in ("软件", "产品")), 0)
        brand = next((at for at in range(product, -1, -1) if pieces[at] not in _GENERIC), None) if product else None
        own = [
            piece
            for at, piece in enumerate(pieces)
            if piece not in _GENERIC and at != brand and not self._unheard(piece)
        ]
        if not named or own:
            return text
        return text[found.end() :] if found["inside"] else (found["edition"] or "") + text[found.end() :]

    def _unheard(self, piece: str) -> bool:
        return len(piece) == 1 or piece not in self._together

    def _as_it_sounds(self, chunk: str) -> str:
        pieces = rjieba.cut(chunk, False)
        at = 0
        while at < len(pieces):
            for end in range(min(len(pieces), at + _LONGEST), at + 1, -1):
                meant = self._meant("".join(pieces[at:end])) if max(map(len, pieces[at:end])) == 1 else None
                if meant:
                    pieces[at:end] = [meant]
                    break
            at += 1
        return "".join(pieces)

    def _meant(self, written: str) -> str | None:
        """The word that sounds like this and shares a character with it."""
        if not 2 <= len(written) <= _LONGEST or written in self._together or _LITTLE & set(written):
            return None
        sounds = [sounds_of(character) for character in written]
        if not all(sounds):
            return None
        heard = tuple(sound[0] for sound in sounds)
        _, word = self._by_sound.get(heard if len(heard) == 2 else tuple(map(blurred, heard)), (0, ""))
        return word if any(one == other for one, other in zip(written, word, strict=False)) else None

    def _from_letters(self, text: str) -> str:
        if not (_HAN.search(text) or self._is_pinyin(text)):
            return text
        mixed = bool(_HAN.search(text))

        def put(found: re.Match[str]) -> str:
            words = self._spelt(found.group().lower().replace(" ", ""))
            sure = words and (not mixed or all(len(word) > 1 for word in words))
            return "".join(words) if words and sure else found.group()

        return _LETTERS.sub(put, text)

    def _is_pinyin(self, text: str) -> bool:
        tokens = re.findall("[a-z]+", text.lower())
        return len("".join(tokens)) > 5 and not _ENGLISH & set(tokens) and all(self._spelt(token) for token in tokens)

    def _spelt(self, letters: str) -> list[str]:
        """The likeliest words whose syllables make up these letters (a unigram model, Viterbi); empty: none do."""
        if len(letters) > 60:
            return []
        best: list[tuple[float, list[str]]] = [(0.0, [])]
        for end in range(1, len(letters) + 1):
            options = [
                (best[start][0] + self._total - math.log(known[0]), [*best[start][1], known[1]])
                for start in range(max(0, end - 6 * _LONGEST), end)
                if best[start][0] < math.inf and (known := self._by_letters.get(letters[start:end]))
            ]
            best.append(min(options, default=(math.inf, [])))
        return best[-1][1]


def _keep(table: dict[_Key, tuple[int, str]], key: _Key, count: int, word: str) -> None:
    table[key] = max(table.get(key, (0, "")), (count, word))


def _readings(word: str) -> list[tuple[str, ...]]:
    """All readings of a single character, the usual ones of words."""
    sounds = [sounds_of(character) for character in word]
    if not all(sounds):
        return []
    return [(first,) for first in sounds[0]] if len(word) == 1 else [tuple(sound[0] for sound in sounds)]


def _is_word(written: str, counts: Counter[str]) -> bool:
    """In the dictionary, or characters that keep together."""
    if rjieba.cut(written, False) == [written]:
        return True
    n = counts[written]
    return n >= _OFTEN and n >= _TOGETHER * max(counts[character] for character in written)


@lru_cache(maxsize=1)
def _converters() -> tuple[opencc.OpenCC, opencc.OpenCC]:
    return opencc.OpenCC("t2s"), opencc.OpenCC("tw2sp")


def _simplified(text: str) -> str:
    return str(_converters()[0].convert(text))


def _in_simplified(text: str) -> str:
    """Characters, and words as they are used on the mainland, where a character shows that it is needed."""
    if text.isascii() or _simplified(text) == text:
        return text
    text = str(_converters()[1].convert(text))
    for word, meant in _TAIWAN:
        text = text.replace(word, meant)
    return text
