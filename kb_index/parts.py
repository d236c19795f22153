"""What a knowledge index consists of, each part immutable; says how they fit together and nothing of how they are
made."""

from __future__ import annotations

from dataclasses import dataclass

from kb_index.calibration import Calibration
from kb_index.head import Head
from kb_index.home import Home
from kb_index.lexical import LexicalIndex
from kb_index.nearest import NearestVectors
from kb_index.ranking import Ranking
from kb_index.signs import Places
from kb_index.space import Space, Written
from kb_index.topics import Layout
from kb_index.vectors import Keys, Vectors


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a `KnowledgeIndex` consists of; put together by `building.py`, or read by `folder.py`."""

    layout: Layout
    encoder_fingerprint: str
    text_vectors: Vectors  # as encoded
    passage_vectors: Vectors  # one an article; zero where the answer says no more than the question
    negatives: Written  # the shipped ones and the questions that are nobody's
    wrong_vectors: Vectors  # of questions that use has taught a topic not to answer
    space: Space
    places: Places
    nearest_texts: NearestVectors  # over centred texts
    nearest_topics: NearestVectors  # over the whitened directions of topics
    lexical: LexicalIndex  # of texts
    documents: LexicalIndex  # of topics, everything they say
    head: Head
    home: Home
    ranking: Ranking
    calibration: Calibration
    keys: Keys  # of the texts, the passages, the negatives and the wrong ones, in that order
