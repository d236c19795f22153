"""The served encoder against vectors that sentence-transformers made."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.encoder import Encoder, Vectors
from models.loading import load_encoder
from models.manifest import SENTENCE_FOLDER, prepared_folder
from models.settings import EncoderSettings

GOLDEN = json.loads(Path(__file__).with_name("golden_vectors.json").read_text("utf-8"))
TEXTS = [entry["text"] for entry in GOLDEN["entries"]]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EncoderSettings())


@pytest.mark.parametrize("side", ["question", "passage"])
def test_the_encoder_gives_the_golden_vectors(encoder: Encoder, side: str) -> None:
    vectors = encoder.encode_questions(TEXTS) if side == "question" else encoder.encode_passages(TEXTS)
    golden = np.array([entry[side] for entry in GOLDEN["entries"]], dtype=np.float32)
    leading = vectors[:, : GOLDEN["components"]]
    assert leading == pytest.approx(golden, abs=0.01)  # a component is about 0.04, a wrong prompt costs 0.03 of cosine
    assert cosines(leading, golden).min() >= 0.9995


def test_questions_and_passages_have_different_vectors(encoder: Encoder) -> None:
    """Otherwise the test above could not see a forgotten prompt."""
    assert cosines(encoder.encode_questions(TEXTS), encoder.encode_passages(TEXTS)).max() < 0.999


@pytest.mark.slow
def test_onnx_and_sentence_transformers_agree_on_whole_vectors(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer  # takes seconds to import: only where it is the point

    texts = [*TEXTS, "", "登录", "；".join(TEXTS) * 3]
    model = SentenceTransformer(str(prepared_folder(EncoderSettings()) / SENTENCE_FOLDER), device="cpu")
    model.max_seq_length = 128
    assert cosines(encoder.encode_questions(texts), model.encode(texts, prompt_name="query")).min() >= 0.999
    assert cosines(encoder.encode_passages(texts), model.encode_document(texts)).min() >= 0.999


def cosines(first: Vectors, second: Vectors) -> Vectors:
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    likeness: Vectors = (first * second).sum(axis=1) / lengths
    return likeness
