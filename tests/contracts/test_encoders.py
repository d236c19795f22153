"""What every encoder promises, whichever it is: each implementation inherits the same tests."""

import numpy as np
import pytest

from models.encoder import Encoder
from models.hashing_encoder import HashingEncoder
from models.loading import load_encoder
from models.settings import EncoderSettings

TEXTS = [
    "怎么把甘特图导出成图片",
    "How do I export the Gantt chart?",
    "登录",
    "项目成员的权限在哪里设置，需要管理员吗？" * 4,
]


class EncoderContract:
    """Inherit, and give the fixture `encoder`."""

    def test_each_text_gets_one_unit_vector(self, encoder: Encoder) -> None:
        for vectors in (encoder.encode_questions(TEXTS), encoder.encode_passages(TEXTS)):
            assert vectors.shape == (len(TEXTS), encoder.dimensions)
            assert vectors.dtype == np.float32
            assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_a_vector_does_not_depend_on_its_company(self, encoder: Encoder) -> None:
        together = encoder.encode_questions(TEXTS)
        backwards = encoder.encode_questions(TEXTS[::-1])[::-1]
        alone = np.concatenate([encoder.encode_questions([text]) for text in TEXTS])
        assert np.allclose(together, alone, atol=1e-5)
        assert np.allclose(together, backwards, atol=1e-5)

    def test_no_texts_give_no_vectors(self, encoder: Encoder) -> None:
        assert encoder.encode_questions([]).shape == (0, encoder.dimensions)
        assert encoder.encode_passages([]).shape == (0, encoder.dimensions)

    @pytest.mark.parametrize("text", ["", "   ", "\ud800", "\x00", "🙂" * 3000, "字" * 5000, "a\n\tb" * 2000])
    def test_odd_texts_get_a_unit_vector_too(self, encoder: Encoder, text: str) -> None:
        vector = encoder.encode_questions([text])[0]
        assert np.isfinite(vector).all()
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)

    def test_width_and_spaces_make_no_difference(self, encoder: Encoder) -> None:
        first, second = encoder.encode_questions(["API 密钥", "\u3000ＡＰＩ   密钥\n"])
        assert first @ second == pytest.approx(1.0, abs=1e-5)

    def test_an_article_is_nearer_to_its_own_words_than_to_others(self, encoder: Encoder) -> None:
        question = encoder.encode_questions(["甘特图如何导出图片"])[0]
        own, other = encoder.encode_passages(["怎么把甘特图导出成图片", "发票抬头填错了怎么重新开"])
        assert question @ own > question @ other

    def test_a_message_is_its_question_and_what_is_said_of_it(self, encoder: Encoder) -> None:
        messages = encoder.encode_messages(TEXTS)
        assert np.allclose(messages[:, : encoder.dimensions], encoder.encode_questions(TEXTS), atol=1e-5)
        alone = np.concatenate([encoder.encode_messages([text]) for text in TEXTS])
        said = np.exp(messages[:, encoder.dimensions :])
        assert np.allclose(said, np.exp(alone[:, encoder.dimensions :]), atol=0.02)
        assert np.allclose(said.sum(axis=1), 1 if said.size else 0, atol=1e-3)
        assert encoder.encode_messages([]).shape == (0, messages.shape[1])

    def test_it_says_what_it_is(self, encoder: Encoder) -> None:
        assert encoder.name
        assert encoder.fingerprint
        assert encoder.dimensions > 0


class TestHashingEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return HashingEncoder()

    def test_it_does_not_change_from_run_to_run(self, encoder: Encoder) -> None:
        vector = encoder.encode_questions(["权限"])[0]
        places = {int(place): round(float(vector[place]), 4) for place in np.flatnonzero(vector)}
        assert places == EXPECTED_HASHES


EXPECTED_HASHES = {
    24: 0.3922,
    73: 0.3922,
    126: 0.3922,
    129: 0.3922,
    230: 0.1961,
    277: -0.1961,
    290: 0.3922,
    312: -0.3922,
}


@pytest.fixture(scope="module")
def loaded() -> Encoder:
    return load_encoder(EncoderSettings())


class TestOnnxEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self, loaded: Encoder) -> Encoder:
        return loaded

    def test_the_fingerprint_is_the_same_on_every_machine(self, encoder: Encoder) -> None:
        assert encoder.fingerprint == load_encoder(EncoderSettings(threads=0, batch=1)).fingerprint
        assert encoder.fingerprint == "7293d68be8284868b39bb39f7c9b9578"

    def test_another_cut_is_another_fingerprint(self, encoder: Encoder) -> None:
        assert encoder.fingerprint != load_encoder(EncoderSettings(max_tokens=64)).fingerprint

    def test_meaning_goes_across_languages(self, encoder: Encoder) -> None:
        question = encoder.encode_questions(["How can I save the Gantt chart as an image?"])[0]
        own, other = encoder.encode_passages(["怎么把甘特图导出成图片", "发票抬头填错了怎么重新开"])
        assert question @ own > question @ other + 0.02
