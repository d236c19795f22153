"""What the knowledge base is made of: articles, the scope of a question, and what a search found; plain values, no
storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: Years that dates of validity may have: what every part of the program, Postgres and JavaScript included, can tell
#: and compare in any time zone.
FIRST_YEAR, LAST_YEAR = 1970, 9998

Status = Literal["draft", "review", "published", "archived"]
Visibility = Literal["public", "internal"]
Origin = Literal["file", "desk"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A local picture of an answer: `name` as the text refers to it, `path` below the data folder, named by its
    content."""

    name: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Article:
    """One question with its answer, in one language, as of one revision (0: not stored yet)."""

    id: str
    question: str
    answer: str
    variants: tuple[str, ...] = ()
    category: str | None = None
    tags: tuple[str, ...] = ()
    locale: str = "zh-CN"
    site: str | None = None  # None: every site
    status: Status = "published"
    visibility: Visibility = "public"
    audience: tuple[str, ...] = ()  # empty: everybody
    editions: tuple[str, ...] = ()  # empty: every edition
    valid_from: datetime | None = None
    valid_to: datetime | None = None  # the first moment at which it no longer holds
    #: The probability from which on this answer is given, where the settings' one does not fit it; None: it does.
    answer_at: float | None = None
    pictures: tuple[Picture, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """What use has taught about one question; the index finds by it and never shows it."""

    question: str
    article_id: str | None  # None: nobody's, whatever `right` says
    right: bool  # whether that article answers it


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, and when: what does not fit is left out before ranking. None in a field filters nothing."""

    site: str | None = None
    audience: str | None = None
    edition: str | None = None
    locale: str | None = None  # prefers the translation in this language; never hides an article
    at: datetime | None = None  # None: validity dates are not looked at
    internal: bool = False  # True for agents: internal articles too


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question to find articles for, written as the knowledge base would write it, with its vector."""

    question: str
    vector: NDArray[np.float32]
    scope: Scope
    limit: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may answer the question. Only the calibrated probability may meet a threshold, never these
    scores."""

    article: Article
    score: float  # cosine of the question to the nearest text of the article
    lexical: float  # likeness in words and bigrams, 0 to 1
    rank_score: float  # the fused score that the list is ordered by
    coverage: float  # share of the question's words, by weight, that the article's questions contain
    length: int  # terms in the question
    matched_text: str  # the text of the article that came nearest
    near: float = 0.0  # cosine to that text as language at large sees it, not this knowledge base
    at_home: float = 0.0  # log odds that the question is about what the knowledge base is about
    another_code: bool = False  # the article is about a code, the question about another of its kind
