"""Word pieces are cut as the tokenizers library cuts them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from models.word_pieces import WordPieces, keep_word_pieces

_MARKS = [("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
_PIECES = [
    *[("▁", -2.0), ("a", -3.0), ("b", -3.5), ("ab", -4.0), ("▁ab", -5.0), ("abab", -9.5), ("ba", -4.25), ("abc", -6.0)],
    *[("甘", -7.0), ("甘特", -6.5), ("特图", -6.25), ("图", -5.5), ("甘特图", -12.0), ("▁甘特", -9.0), ("é", -8.0)],
]
_LIMIT = 12


def library() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram([*_MARKS, *_PIECES], unk_id=2))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    tokenizer.add_special_tokens([mark for mark, _ in _MARKS])
    return tokenizer


@pytest.fixture(scope="module")
def theirs() -> Tokenizer:
    tokenizer = library()
    tokenizer.enable_truncation(_LIMIT)
    return tokenizer


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    folder = tmp_path_factory.mktemp("tokenizer")
    library().save(str(folder / "tokenizer.json"))
    assert keep_word_pieces(folder / "tokenizer.json", folder / "pieces", ["甘特图"])
    return WordPieces(folder / "pieces", _LIMIT)


@given(text=st.text(alphabet="aabbc甘特图é é？ ▁ａ", max_size=30))
def test_the_pieces_are_the_librarys(ours: WordPieces, theirs: Tokenizer, text: str) -> None:
    assert ours.ids(text) == theirs.encode(text).ids
    assert ours.ids(text) == theirs.encode(text).ids  # what is remembered too


def test_a_mark_of_the_model_is_plain_text_in_a_question(ours: WordPieces) -> None:
    assert 1 not in ours.ids("ab</s>ab")[1:-1]


def test_a_tokenizer_of_another_kind_stays_with_the_library(tmp_path: Path) -> None:
    words = Tokenizer(models.WordPiece({"[UNK]": 0, "a": 1}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.save(str(tmp_path / "tokenizer.json"))
    assert not keep_word_pieces(tmp_path / "tokenizer.json", tmp_path / "pieces", ["a"])
    assert not (tmp_path / "pieces").exists()


def test_a_unigram_tokenizer_with_ways_of_its_own_stays_with_the_library(tmp_path: Path) -> None:
    peculiar = library()
    peculiar.add_tokens(["ab"])  # cut out before anything else
    peculiar.save(str(tmp_path / "tokenizer.json"))
    assert not keep_word_pieces(tmp_path / "tokenizer.json", tmp_path / "pieces", ["a abab 甘特"])
    assert not (tmp_path / "pieces").exists()
