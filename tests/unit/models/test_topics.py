"""What ships of the tuned layers, and how their word is weighed beside that of the heads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.hashing_encoder import HashingEncoder
from models.heads.examples import SHIPPED, read_examples
from models.heads.fitting import fit_heads
from models.heads.heads import Heads
from models.heads.labels import Example, topics_of
from models.topics.advice import advised
from models.topics.shipped import About, Tuned, places_of, read, shipped


def test_the_shipped_layers_know_every_topic_of_the_shipped_messages() -> None:
    assert shipped().about.labels == topics_of(read_examples([SHIPPED]))


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    about = About(labels=("", "故障/登录"), weights_sha256="abc", first=8, layers=1, temperature=1.2)
    Tuned(about, {"head.bias": np.array([0.5, -0.25], np.float32)}, "").save(tmp_path / "tuned.npz")
    kept = read(tmp_path / "tuned.npz")
    assert kept.about == about
    assert np.allclose(kept.arrays["head.bias"], [0.5, -0.25], atol=0.005)
    assert kept.digest


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", weights=np.ones(3))
    with pytest.raises(ValueError, match=r"other\.npz does not hold tuned layers"):
        read(tmp_path / "other.npz")


def test_the_layers_are_believed_where_the_heads_are_unsure_and_say_nothing_of_what_they_do_not_know() -> None:
    own = np.log(np.array([[0.45, 0.4, 0.15]], np.float32))
    told = np.log(np.array([[0.9, 0.1]], np.float32))
    places = np.array([1, 0, -1])
    assert advised(own, 1.0, told, places).argmax() == 1
    silent = advised(own, 1.0, np.log(np.array([[0.5, 0.5]], np.float32)), places)
    assert silent.argmax() == 0
    sure = np.log(np.array([[0.02, 0.01, 0.97]], np.float32))
    assert advised(sure, 1.0, told, places).argmax() == 2


def test_heads_take_what_an_encoder_says_of_topics_and_do_without(tmp_path: Path) -> None:
    known = shipped().about.labels
    one, other = known[1], known[2]
    examples = [
        Example(f"{word}{n}", "angry" if n % 2 else "neutral", "normal", topic)
        for word, topic in (("甲", one), ("乙", other))
        for n in range(12)
    ]
    encoder = HashingEncoder()
    fit_heads(examples, encoder).save(tmp_path / "heads.npz")
    heads = Heads.load(tmp_path / "heads.npz")
    vector = encoder.encode_questions(["甲乙"])
    told = np.full((1, len(known)), -20, np.float32)
    for topic in (one, other):
        said = told.copy()
        said[0, known.index(topic)] = 0
        read_so = heads.read_all(["甲乙"], np.concatenate([vector, said], axis=1))[0]
        assert read_so["topic"].best[0] == topic
        assert read_so["emotion"].best == heads.read("甲乙", vector[0])["emotion"].best
    assert places_of((other, "别的/没有", one)).tolist() == [2, -1, 1]
