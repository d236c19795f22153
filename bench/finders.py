"""Ways to find the article for a question, over the same articles and weights, each run in a process of its own.

`python -m bench.finders NAME` reads a JSON object a line from standard input: first `{"articles": […]}`, then
`{"questions": […], "together": bool}`, and answers each of these with `{"ids": […], "seconds": […]}`: for every
question the article found first, and the time of each question, or of each 32 together. It remembers no result.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import msgspec

from kb_index.records import Article
from models.loading import training_source
from router.settings import Settings, load_settings

_FOUND = 10  # candidates that each of them looks up
_TOGETHER = 32


class Finder(Protocol):
    """Gives for each question the id of the article found first."""

    def find(self, question: str) -> str: ...
    def find_together(self, questions: Sequence[str]) -> list[str]: ...


class Haystack:
    """haystack-ai as its documentation shows a question-answering retriever: one document for each question and
    variant, embedded in memory, a pipeline of text embedder and retriever; it takes one question at a time."""

    def __init__(self, articles: Sequence[Article], settings: Settings) -> None:
        os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
        from haystack import Document, Pipeline
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        source = training_source(settings.encoder)
        how: dict[str, Any] = {
            "model": source, "prefix": _prompt(source), "normalize_embeddings": True, "progress_bar": False,
            "local_files_only": True, "tokenizer_kwargs": {"model_max_length": settings.encoder.max_tokens},
        }  # fmt: skip
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        documents = [Document(content=text, meta={"article": name}) for text, name in _texts(articles)]
        store.write_documents(SentenceTransformersDocumentEmbedder(**how).run(documents)["documents"])
        self._pipeline = Pipeline()
        self._pipeline.add_component("embedder", SentenceTransformersTextEmbedder(**how))
        self._pipeline.add_component("retriever", InMemoryEmbeddingRetriever(store, top_k=_FOUND))
        self._pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def find(self, question: str) -> str:
        found = self._pipeline.run({"embedder": {"text": question}})["retriever"]["documents"]
        return str(found[0].meta["article"])

    def find_together(self, questions: Sequence[str]) -> list[str]:
        return [self.find(question) for question in questions]


class SemanticSearch:
    """Plain sentence-transformers: encode, then `util.semantic_search` over all questions and variants."""

    def __init__(self, articles: Sequence[Article], settings: Settings) -> None:
        from sentence_transformers import SentenceTransformer, util

        self._search: Callable[..., Any] = util.semantic_search
        self._model: Any = SentenceTransformer(training_source(settings.encoder), device="cpu", local_files_only=True)
        self._model.max_seq_length = settings.encoder.max_tokens
        texts = _texts(articles)
        self._names = [name for _, name in texts]
        self._corpus = self._encode([text for text, _ in texts])

    def find(self, question: str) -> str:
        return self.find_together([question])[0]

    def find_together(self, questions: Sequence[str]) -> list[str]:
        hits = self._search(self._encode(questions), self._corpus, top_k=_FOUND)
        return [self._names[best[0]["corpus_id"]] for best in hits]

    def _encode(self, texts: Sequence[str]) -> Any:
        return self._model.encode(
            list(texts), prompt_name="query", batch_size=_TOGETHER, convert_to_tensor=True, normalize_embeddings=True,
            show_progress_bar=False,
        )  # fmt: skip


class Yingda:
    """The whole answer of the server: reading the question, search, confidence, policy; no cache."""

    def __init__(self, articles: Sequence[Article], settings: Settings) -> None:
        from bot.answering import Answerer
        from bot.signals import SignalReader
        from kb_index.search import KnowledgeIndex
        from models.batching import BatchedEncoder
        from models.heads.kept import heads_for
        from models.loading import load_encoder

        encoder = load_encoder(settings.encoder)
        signals = SignalReader(settings.signals, heads_for(encoder, settings.encoder.cache_path))
        parts = KnowledgeIndex.build(articles, encoder, settings=settings.index).parts
        batched = BatchedEncoder(encoder, 0, settings.encoder.batch)
        self._loop = asyncio.new_event_loop()
        self._index = KnowledgeIndex
        self._parts = parts
        self._answerer = Answerer(settings.bot, batched, signals=signals, signal_settings=settings.signals)
        self.forget()

    def forget(self) -> None:
        """An index that has found nothing yet."""
        self._answerer.swap(self._index(self._parts))

    def find(self, question: str) -> str:
        return self.find_together([question])[0]

    def find_together(self, questions: Sequence[str]) -> list[str]:
        return self._loop.run_until_complete(self._answers(questions))

    async def _answers(self, questions: Sequence[str]) -> list[str]:
        return list(await asyncio.gather(*(self._answer(question) for question in questions)))

    async def _answer(self, question: str) -> str:
        from bot.records import Turn

        found = (await self._answerer.answer(Turn(fragments=(question,)))).analysis.candidates
        return found[0].article.id if found else ""


class Graph:
    """Only the vectors: the question nearest to any question or variant, with the graph of one precision."""

    def __init__(self, articles: Sequence[Article], settings: Settings, precision: str) -> None:
        from models.loading import load_encoder

        self._encoder = load_encoder(replace(settings.encoder, precision=precision))
        texts = _texts(articles)
        self._names = [name for _, name in texts]
        self._corpus = self._encoder.encode_questions([text for text, _ in texts])

    def find(self, question: str) -> str:
        return self.find_together([question])[0]

    def find_together(self, questions: Sequence[str]) -> list[str]:
        scores = self._encoder.encode_questions(questions) @ self._corpus.T
        return [self._names[best] for best in scores.argmax(axis=1)]


FINDERS: Mapping[str, Callable[[Sequence[Article], Settings], Finder]] = {
    "haystack-ai, in memory": Haystack,
    "sentence-transformers, semantic_search": SemanticSearch,
    "our graph, fp32, vectors only": partial(Graph, precision="fp32"),
    "our graph, integers, vectors only": partial(Graph, precision="auto"),
    "Yingda": Yingda,
}


def _texts(articles: Sequence[Article]) -> list[tuple[str, str]]:
    published = [article for article in articles if article.status == "published"]
    return [(text, article.id) for article in published for text in (article.question, *article.variants)]


def _prompt(source: str) -> str:
    """What the model wants in front of a question; of a hub name it is not known here."""
    described = Path(source) / "config_sentence_transformers.json"
    return str(msgspec.json.decode(described.read_bytes())["prompts"]["query"]) if described.is_file() else ""


def main() -> None:
    settings = load_settings([], os.environ)
    given = msgspec.json.decode(sys.stdin.readline(), type=dict[str, list[Article]])
    finder = FINDERS[sys.argv[1]](given["articles"], settings)
    finder.find_together(["热身"] * _TOGETHER)
    print("ready", flush=True)
    for line in sys.stdin:
        asked = msgspec.json.decode(line)
        if isinstance(finder, Yingda):
            finder.forget()
        print(msgspec.json.encode(_measured(finder, asked["questions"], asked["together"])).decode(), flush=True)


def _measured(finder: Finder, questions: Sequence[str], together: bool) -> dict[str, object]:
    ids: list[str] = []
    seconds: list[float] = []
    for start in range(0, len(questions), _TOGETHER if together else 1):
        began = time.perf_counter()
        if together:
            ids += finder.find_together(questions[start : start + _TOGETHER])
        else:
            ids.append(finder.find(questions[start]))
        seconds.append(time.perf_counter() - began)
    return {"ids": ids, "seconds": seconds}


if __name__ == "__main__":
    main()
