"""Fine-tuning brings texts of one article together, leaves the layers below alone, and refuses too little."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb_index.encoders import Encoders
from kb_index.errors import KnowledgeError
from kb_index.records import Article, Lesson
from models.fine_tuning import Topic, TuningSettings, tune
from models.loading import fingerprint_of
from models.onnx_export import open_model, reference_vectors
from models.prepare import prepare
from models.settings import EncoderSettings
from scripts.progress import ProgressBars
from scripts.training.tuning import discard, tune_encoder
from tests.integration.models.test_preparing import tiny_model

__all__ = ["tiny_model"]

pytestmark = pytest.mark.slow

ARTICLES = (
    Article("export", "怎么导出甘特图", "怎么导出甘特图", ("export gantt", "导出成图片", "save as picture")),
    Article("login", "怎么登录", "怎么登录", ("login", "sign in", "权限登录")),
    Article("rights", "权限怎么开", "权限怎么开", ("rights", "open access", "图片权限")),
)
LESSONS = (Lesson("导成片", "export", True), Lesson("图片怎么登录", "export", False), Lesson("片", None, True))


TOPICS = [Topic((article.question, *article.variants), wrong=("图片怎么登录",)) for article in ARTICLES]


def _apart(folder: Path) -> float:
    """How much nearer texts of one article are to each other than to those of others."""
    texts = [(number, text) for number, topic in enumerate(TOPICS) for text in topic.texts]
    vectors = reference_vectors(open_model(str(folder)), "", tuple(text for _, text in texts))
    likeness = vectors @ vectors.T
    same = np.array([[one == other for other, _ in texts] for one, _ in texts])
    own = same & ~np.eye(len(texts), dtype=bool)
    return float(likeness[own].mean() - likeness[~same].mean())


def test_texts_of_one_article_come_together_and_the_layers_below_stay(tiny_model: Path, tmp_path: Path) -> None:
    settings = TuningSettings(epochs=60, learning_rate=1e-2, trained_layers=1, seed=3)
    tune(str(tiny_model), TOPICS, ("", ""), tmp_path / "tuned", settings, lambda *_: None)
    assert _apart(tmp_path / "tuned") > _apart(tiny_model) + 0.2
    before, after = (open_model(str(folder)).state_dict() for folder in (tiny_model, tmp_path / "tuned"))
    changed = {name for name in before if not before[name].equal(after[name])}
    assert changed
    assert all(".encoder.layer.1." in name for name in changed)


def test_a_tuned_encoder_is_kept_by_its_fingerprint_and_serves(tiny_model: Path, tmp_path: Path) -> None:
    settings = EncoderSettings(folder=str(tiny_model), precision="fp32", cache_dir=str(tmp_path / "cache"))
    prepare(settings, lambda step: None)
    encoders = Encoders(settings, tmp_path / "var")
    before = encoders.load()
    with ProgressBars(quiet=True) as progress:
        tuned = tune_encoder(ARTICLES, LESSONS, settings, tmp_path / "var", progress, epochs=2)
    after = encoders.load(tuned)
    assert (tuned.base, tuned.folder) == (before.fingerprint, after.fingerprint)
    assert tuned.base != tuned.folder
    assert encoders.applies(tuned)
    assert [path.name for path in (tmp_path / "var" / "encoders").iterdir()] == [tuned.folder]
    assert encoders.load().fingerprint == fingerprint_of(settings) == before.fingerprint

    discard(tuned, tmp_path / "var")
    assert list((tmp_path / "var" / "encoders").iterdir()) == []


def test_too_little_to_learn_from_is_one_line(tiny_model: Path, tmp_path: Path) -> None:
    settings = EncoderSettings(folder=str(tiny_model), precision="fp32", cache_dir=str(tmp_path / "cache"))
    prepare(settings, lambda step: None)
    with ProgressBars(quiet=True) as progress, pytest.raises(KnowledgeError, match="at least two articles"):
        tune_encoder(ARTICLES[:1], (), settings, tmp_path / "var", progress, epochs=1)
    with ProgressBars(quiet=True) as progress, pytest.raises(KnowledgeError, match="hashing"):
        tune_encoder(ARTICLES, (), EncoderSettings(name="hashing"), tmp_path / "var", progress, epochs=1)
