"""Fine-tuning brings texts of one article together, leaves the layers below alone, and refuses too little."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb_index.encoders import Encoders
from kb_index.errors import KnowledgeError
from kb_index.records import Article, Lesson
from models.encoder import Encoder
from models.loading import fingerprint_of
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


def _apart(encoder: Encoder) -> float:
    """How much nearer texts of one article are to each other than to those of others."""
    texts = [(article.id, text) for article in ARTICLES for text in (article.question, *article.variants)]
    vectors = encoder.encode_questions([text for _, text in texts])
    likeness = vectors @ vectors.T
    same = np.array([[one == other for other, _ in texts] for one, _ in texts])
    np.fill_diagonal(likeness, 0)
    own = same & ~np.eye(len(texts), dtype=bool)
    return float(likeness[own].mean() - likeness[~same].mean())


def test_a_tuned_encoder_is_kept_by_its_fingerprint_and_serves(tiny_model: Path, tmp_path: Path) -> None:
    settings = EncoderSettings(folder=str(tiny_model), precision="fp32", cache_dir=str(tmp_path / "cache"))
    prepare(settings, lambda step: None)
    encoders = Encoders(settings, tmp_path / "var")
    before = encoders.load()
    with ProgressBars(quiet=True) as progress:
        tuned = tune_encoder(ARTICLES, LESSONS, settings, tmp_path / "var", progress, epochs=60)
    after = encoders.load(tuned)
    assert (tuned.base, tuned.folder) == (before.fingerprint, after.fingerprint)
    assert encoders.applies(tuned)
    assert _apart(after) > _apart(before) + 0.05
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
