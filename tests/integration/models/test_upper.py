"""Upper layers with weights of their own: what is searched with is what they say, beside an encoder that stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.encoder import ModelUnavailable
from models.loading import is_tunable, load_encoder
from models.onnx_encoder import OnnxEncoder
from models.prepare import prepare
from models.settings import EncoderSettings
from models.upper.encoder import UpperEncoder
from models.upper.weights import UpperWeights, read
from tests.integration.models.test_preparing import tiny_model

__all__ = ["tiny_model"]

TEXTS = ["怎么把甘特图导出成图片", "How do I export the Gantt chart?", "登录", "权限在哪里设置，需要管理员吗？" * 4]


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    loaded = load_encoder(EncoderSettings())
    assert isinstance(loaded, OnnxEncoder)
    return loaded


def _changed(weights: UpperWeights) -> UpperWeights:
    """Something is tuned in the lowest and in the highest layer."""
    arrays = dict(weights.arrays)
    for name in ("0.qkv.weight", f"{weights.layers - 1}.down.weight"):
        arrays[name] = arrays[name] * 1.5
    return replace(weights, arrays=arrays)


def test_the_models_own_weights_give_the_models_own_vectors(encoder: OnnxEncoder) -> None:
    same = UpperEncoder(encoder, encoder.upper_weights())
    for ours, theirs in (
        (same.encode_questions(TEXTS), encoder.encode_questions(TEXTS)),
        (same.encode_passages(TEXTS), encoder.encode_passages(TEXTS)),
    ):
        assert np.sum(ours * theirs, axis=1).min() > 0.999
    assert same.fingerprint != encoder.fingerprint


def test_other_weights_change_what_is_searched_with_and_nothing_else(encoder: OnnxEncoder) -> None:
    tuned = UpperEncoder(encoder, _changed(encoder.upper_weights()))
    own = tuned.encode_questions(TEXTS)
    assert np.sum(own * encoder.encode_questions(TEXTS), axis=1).max() < 0.999
    assert np.allclose(np.linalg.norm(own, axis=1), 1, atol=1e-5)
    turns, messages = tuned.encode_turns(TEXTS), tuned.encode_messages(TEXTS)
    assert np.allclose(turns, np.concatenate([own, encoder.encode_turns(TEXTS)], axis=1), atol=1e-5)
    assert np.allclose(messages, np.concatenate([own, encoder.encode_messages(TEXTS)], axis=1), atol=1e-5)
    alone = np.concatenate([tuned.encode_questions([text]) for text in TEXTS])
    assert np.allclose(alone, own, atol=1e-5), "a vector does not depend on its company"
    assert tuned.base is encoder
    assert [tuned.encode_turns([]).shape, tuned.encode_questions([]).shape] == [(0, 768), (0, 384)]


def test_what_is_kept_is_what_serves_and_damage_is_one_line(encoder: OnnxEncoder, tmp_path: Path) -> None:
    tuned = _changed(encoder.upper_weights())
    tuned.save(tmp_path / "tuned.npz")
    again = read(tmp_path / "tuned.npz")
    assert again.digest == tuned.digest
    assert UpperEncoder(encoder, again).fingerprint == UpperEncoder(encoder, tuned).fingerprint
    for content in (b"", b"PK\x03\x04damaged", tuned.content()[:-2000]):
        (tmp_path / "tuned.npz").write_bytes(content)
        with pytest.raises(ModelUnavailable, match=r"tuned\.npz does not hold upper layers"):
            read(tmp_path / "tuned.npz")


def test_an_encoder_without_layers_to_tune_says_so() -> None:
    assert not is_tunable(EncoderSettings(name="hashing"))
    assert is_tunable(EncoderSettings())


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["fp32", "auto"])
def test_any_model_built_like_bert_can_be_tuned(tiny_model: Path, tmp_path: Path, precision: str) -> None:
    settings = EncoderSettings(folder=str(tiny_model), precision=precision, cache_dir=str(tmp_path))
    prepare(settings, lambda step: None)
    encoder = load_encoder(settings)
    assert isinstance(encoder, OnnxEncoder)
    weights = encoder.upper_weights()
    assert (weights.layers, weights.dimensions) == (1, 32)
    (states,) = encoder.states("question", ["export"])
    assert states.shape[1] == 32
    own, tuned = UpperEncoder(encoder, weights), UpperEncoder(encoder, _changed(weights))
    assert (own.dimensions, own.encode_turns(["export"]).shape) == (32, (1, 32 + 16))
    assert np.abs(own.encode_questions(["export"]) - tuned.encode_questions(["export"])).max() > 0.001
