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
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LexicalMatch:
    """What some questions share with the texts and topics."""

    texts: Floats  # (questions, texts): cosine of the weighted terms, 0 to 1
    lengths: list[int]  # different terms in each question
    coverage: Callable[[], Floats]  # (questions, topics): share of a question's weight found in its texts, 0 to 1


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

    def match(self, asked: Sequence[Mapping[str, int]]) -> LexicalMatch:
        """Compares the terms of questions, each with how often it is said, with every text at once."""
        text_count, topic_count = self._sizes
        numbers: list[int] = []  # of the terms that some text has, question by question
        repeats: list[int] = []
        known: list[int] = []  # how many of them are each question's
        strange: list[float] = []  # the weight of each question's other terms
        find = self._vocabulary.get
        for counts in asked:
            found = list(map(find, counts))
            strange.append(0.0)
            if None in found:
                others = [pair for pair, number in zip(counts.items(), found, strict=True) if number is None]
                strange[-1] = sum(self._square(self._unknown_idf * term_weight(term), n) for term, n in others)
            own = [(number, n) for number, n in zip(found, counts.values(), strict=True) if number is not None]
            numbers += [number for number, _ in own]
            repeats += [n for _, n in own]
            known.append(len(own))
        rows, terms_found = np.repeat(np.arange(len(asked)), known), np.array(numbers, np.int64)
        squares = ((1 + np.log(np.array(repeats, np.float64))) * self._idf[terms_found]) ** 2
        norms = (np.bincount(rows, squares, len(asked)) + strange)[rows]

        def spread(
            starts: Indices, postings: NDArray[np.int32], own: Floats | None, shares: Floats, width: int
        ) -> Floats:
            places, lengths = _lists(starts, terms_found)
            values = np.repeat(shares, lengths)
            if own is not None:
                values = values * own[places]
            cells = np.repeat(rows * width, lengths) + postings[places]
            total = np.bincount(cells, values, minlength=len(asked) * width)
            return total.astype(np.float32).reshape(len(asked), width)

        def coverage() -> Floats:
            share = (squares / norms).astype(np.float32)
            return spread(self._topic_starts, self._topic_postings, None, share, topic_count)

        cosines = np.sqrt(squares / norms).astype(np.float32)
        texts = spread(self._starts, self._postings, self._weights, cosines, text_count)
        return LexicalMatch(texts, [len(counts) for counts in asked], coverage)

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
            weighed[term] = self._square(idf, count)
        return weighed

    @staticmethod
    def _square(idf: float, count: int) -> float:
        return idf**2 if count == 1 else ((1 + math.log(count)) * idf) ** 2


def _idf(found_in: Floats, total: int) -> Floats:
    """Robertson's inverse document frequency, kept above zero."""
    return np.log1p((total - found_in + 0.5) / (found_in + 0.5)).astype(np.float32)


def _lists(starts: Indices, numbers: Indices) -> tuple[Indices, Indices]:
    """Where the posting lists of some terms stand, end to end, and how long each is."""
    firsts, lengths = starts[numbers], starts[numbers + 1] - starts[numbers]
    begins = np.cumsum(lengths) - lengths
    return np.repeat(firsts - begins, lengths) + np.arange(int(lengths.sum())), lengths
