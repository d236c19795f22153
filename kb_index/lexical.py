"""Likeness in words: which texts share terms with a question, weighed by how rare the terms are; knows no meaning."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.glossary import bridged
from kb_index.text import term_weight, terms

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LexicalMatch:
    """What a question shares with the texts and topics."""

    texts: Floats  # one a text: cosine of the weighted terms, 0 to 1
    length: int  # different terms in the question
    coverage: Callable[[], Floats]  # one a topic: share of the question's weight found in its texts, 0 to 1


class LexicalIndex:
    """An inverted index with tf-idf weights, normalised, so that a score means the same in every knowledge base."""

    def __init__(self, vocabulary: Sequence[str], arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self._vocabulary = {term: number for number, term in enumerate(vocabulary)}
        self._terms = list(vocabulary)
        self._idf = np.asarray(arrays["idf"], dtype=np.float32)
        self._rarities: list[float] = self._idf.tolist()  # the same for one term at a time
        self._starts = np.asarray(arrays["starts"], dtype=np.int64)
        self._postings = np.asarray(arrays["postings"], dtype=np.int32)
        self._weights = np.asarray(arrays["weights"], dtype=np.float32)
        self._topic_starts = np.asarray(arrays["topic_starts"], dtype=np.int64)
        self._topic_postings = np.asarray(arrays["topic_postings"], dtype=np.int32)
        self._sizes = (int(arrays["sizes"][0]), int(arrays["sizes"][1]))
        self._unknown_idf = float(_idf(np.zeros(1, np.float32), self._sizes[0])[0])

    @classmethod
    def build(cls, texts: Sequence[str], topics: NDArray[np.int64], topic_count: int) -> LexicalIndex:
        """`topics[i]` is the topic of text i."""
        counted = [Counter(terms(text)) for text in texts]
        vocabulary: dict[str, int] = {}
        for counts in counted:
            for term in counts:
                vocabulary.setdefault(term, len(vocabulary))
        rows = np.repeat(np.arange(len(texts)), [len(counts) for counts in counted])
        columns = np.fromiter((vocabulary[t] for counts in counted for t in counts), np.int64, len(rows))
        repeats = np.fromiter((n for counts in counted for n in counts.values()), np.float32, len(rows))
        kinds = np.fromiter((term_weight(term) for term in vocabulary), np.float32, len(vocabulary))
        found_in = np.bincount(columns, minlength=len(vocabulary)).astype(np.float32)
        idf = _idf(found_in, len(texts)) * kinds
        weights = (1 + np.log(repeats)) * idf[columns]
        norms = np.sqrt(np.bincount(rows, weights**2, minlength=len(texts)))
        weights /= np.maximum(norms[rows], 1e-9)
        order = np.argsort(columns, kind="stable")
        pairs = np.unique(columns * max(topic_count, 1) + topics[rows]) if len(rows) else np.zeros(0, np.int64)
        pair_terms, pair_topics = np.divmod(pairs, max(topic_count, 1))
        return cls(
            list(vocabulary),
            {
                "idf": idf,
                "starts": np.searchsorted(columns[order], np.arange(len(vocabulary) + 1)),
                "postings": rows[order],
                "weights": weights[order],
                "topic_starts": np.searchsorted(pair_terms, np.arange(len(vocabulary) + 1)),
                "topic_postings": pair_topics,
                "sizes": np.array([len(texts), topic_count]),
            },
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything the index is made of but its vocabulary; with that, the constructor takes it back."""
        return {
            "idf": self._idf, "starts": self._starts, "postings": self._postings, "weights": self._weights,
            "topic_starts": self._topic_starts, "topic_postings": self._topic_postings,
            "sizes": np.array(self._sizes),
        }  # fmt: skip

    @property
    def vocabulary(self) -> list[str]:
        """The terms, in the order of their numbers."""
        return self._terms

    def asked(self, question: str) -> list[str]:
        """The terms of a question, and those that its words in other languages stand for, where some text has them."""
        said = terms(question)
        return said + [term for word in bridged(question) for term in terms(word) if term in self._vocabulary]

    def match(self, question: Sequence[str]) -> LexicalMatch:
        """Compares the terms of a question with every text at once."""
        asked = self._weigh(Counter(question))
        text_count, topic_count = self._sizes
        known = [(number, asked[term]) for term in asked if (number := self._vocabulary.get(term)) is not None]
        norm_squared = sum(asked.values())
        if not known or norm_squared <= 0:
            return LexicalMatch(np.zeros(text_count, np.float32), len(asked), lambda: np.zeros(topic_count, np.float32))
        numbers = np.array([number for number, _ in known], np.int64)
        weights = np.sqrt(np.array([squared for _, squared in known], np.float32))

        def coverage() -> Floats:
            share = (weights**2 / norm_squared).astype(np.float32)
            places, topic_weights = _lists(self._topic_starts, numbers, share)
            found = np.bincount(self._topic_postings[places], topic_weights, minlength=topic_count)
            return found.astype(np.float32)

        places, text_weights = _lists(self._starts, numbers, (weights / math.sqrt(norm_squared)).astype(np.float32))
        found = np.bincount(self._postings[places], text_weights * self._weights[places], minlength=text_count)
        return LexicalMatch(found.astype(np.float32), len(asked), coverage)

    def likeness(self, asked: Mapping[str, int], counts: Mapping[str, int]) -> float:
        """Cosine of a question to a text that is not stored, from the counts of their terms."""
        weighed = self._weigh(asked)
        weights = {t: (1 + math.log(n)) * float(self._idf[self._vocabulary[t]]) for t, n in counts.items() if n > 0}
        norm = math.sqrt(sum(weight * weight for weight in weights.values()) * sum(weighed.values()))
        shared = sum(math.sqrt(squared) * weights[term] for term, squared in weighed.items() if term in weights)
        return shared / max(norm, 1e-9)

    def coverage(self, asked: Mapping[str, int], counts: Mapping[str, int]) -> float:
        """Share of a question's weight found in a text that is not stored."""
        weighed = self._weigh(asked)
        found = sum(squared for term, squared in weighed.items() if counts.get(term, 0) > 0)
        return found / max(sum(weighed.values()), 1e-9)

    def _weigh(self, asked: Mapping[str, int]) -> dict[str, float]:
        """Squared weights of a question's different terms; one that no text has is as rare as can be."""
        weighed: dict[str, float] = {}
        for term, count in asked.items():
            number = self._vocabulary.get(term)
            idf = self._rarities[number] if number is not None else self._unknown_idf * term_weight(term)
            weighed[term] = idf**2 if count == 1 else ((1 + math.log(count)) * idf) ** 2
        return weighed


def _idf(found_in: Floats, total: int) -> Floats:
    """Robertson's inverse document frequency, kept above zero."""
    return np.log1p((total - found_in + 0.5) / (found_in + 0.5)).astype(np.float32)


def _lists(starts: NDArray[np.int64], numbers: NDArray[np.int64], weights: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Where the posting lists of some terms stand, end to end, and each term's weight repeated along its list."""
    firsts, lengths = starts[numbers], starts[numbers + 1] - starts[numbers]
    begins = np.cumsum(lengths) - lengths
    return np.repeat(firsts - begins, lengths) + np.arange(int(lengths.sum())), np.repeat(weights, lengths)
