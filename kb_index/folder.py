"""A version's cache folder: vectors, FAISS and lexical index and what was fitted, each file under its hash; believes
nothing unchecked."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from kb_index.building import space_of
from kb_index.calibration import Calibration
from kb_index.errors import IndexDamaged, IndexMismatch
from kb_index.head import Head
from kb_index.home import Home
from kb_index.lexical import LexicalIndex
from kb_index.nearest import NearestVectors
from kb_index.parts import Parts
from kb_index.ranking import Ranking
from kb_index.records import Article, Lesson
from kb_index.signs import Places
from kb_index.space import Written
from kb_index.topics import lay_out
from kb_index.vectors import Encoder, Keys, Vectors

FORMAT = 3  # of the folder; another one is rebuilt from the rows
_MANIFEST = "manifest.json"


class _Manifest(msgspec.Struct, frozen=True):
    format: int
    version: int
    encoder: str
    articles: dict[str, int]  # id -> revision
    lessons: str  # their digest
    fitted: dict[str, dict[str, object]]
    files: dict[str, str]  # name -> sha256


def write_folder(parts: Parts, version: int, folder: Path) -> str:
    """Writes beside `folder` and renames, so that a folder is whole or not there; returns the hash over the files."""
    unfinished = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}")
    unfinished.mkdir(parents=True)
    np.save(unfinished / "texts.npy", parts.text_vectors)
    np.save(unfinished / "passages.npy", parts.passage_vectors)
    np.save(unfinished / "negatives.npy", parts.negatives.vectors)
    np.save(unfinished / "languages.npy", parts.negatives.languages)
    np.savez(unfinished / "head.npz", weights=parts.head.weights, biases=parts.head.biases)
    np.save(unfinished / "home.npy", parts.home.weights)
    np.save(unfinished / "wrong.npy", parts.wrong_vectors)
    np.save(unfinished / "keys.npy", parts.keys)
    _write_words(parts.lexical, unfinished, "lexical")
    _write_words(parts.documents, unfinished, "documents")
    parts.nearest_texts.save(unfinished / "texts.faiss")
    parts.nearest_topics.save(unfinished / "topics.faiss")
    files = {file.name: _sha256(file) for file in sorted(unfinished.iterdir())}
    manifest = _Manifest(
        format=FORMAT, version=version, encoder=parts.encoder_fingerprint,
        articles={article.id: article.revision for article in parts.layout.articles},
        lessons=parts.layout.lessons.digest, fitted=fitted_to_json(parts), files=files,
    )  # fmt: skip
    (unfinished / _MANIFEST).write_bytes(msgspec.json.encode(manifest))
    shutil.rmtree(folder, ignore_errors=True)
    try:
        unfinished.rename(folder)
    except OSError:  # another process made the same version at this moment
        if not folder.is_dir():
            raise
        shutil.rmtree(unfinished)
    return hashlib.sha256(msgspec.json.encode(files)).hexdigest()


def read_folder(
    folder: Path, articles: Sequence[Article], encoder: Encoder, lessons: Sequence[Lesson] = ()
) -> tuple[Parts, int]:
    """The parts and their version; articles (the very revisions) and lessons must be those the folder was made of."""
    manifest = _checked_manifest(folder)
    if manifest.encoder != encoder.fingerprint:
        raise IndexMismatch(f"index version {manifest.version} was built with another encoder; reindex")
    layout = lay_out(articles, lessons)
    if {article.id: article.revision for article in layout.articles} != manifest.articles:
        raise IndexDamaged(f"{folder}: made of other articles")
    if layout.lessons.digest != manifest.lessons:
        raise IndexDamaged(f"{folder}: made of other lessons")
    try:
        texts, passages = _array(folder / "texts.npy"), _array(folder / "passages.npy")
        negatives = Written(_array(folder / "negatives.npy"), _array(folder / "languages.npy"))
        space = space_of(layout, texts, passages, negatives)
        with np.load(folder / "head.npz", allow_pickle=False) as stored:
            head = Head(stored["weights"], stored["biases"])
        ranking, calibration = fitted_from_json(manifest.fitted)
        parts = Parts(
            layout=layout,
            encoder_fingerprint=manifest.encoder,
            text_vectors=texts,
            passage_vectors=passages,
            negatives=negatives,
            wrong_vectors=_array(folder / "wrong.npy"),
            space=space,
            places=Places.of(layout, space, texts, passages),
            nearest_texts=NearestVectors.load(folder / "texts.faiss"),
            nearest_topics=NearestVectors.load(folder / "topics.faiss"),
            lexical=_read_words(folder, "lexical"),
            documents=_read_words(folder, "documents"),
            head=head,
            home=Home(np.load(folder / "home.npy", allow_pickle=False)),
            ranking=ranking,
            calibration=calibration,
            keys=np.load(folder / "keys.npy", allow_pickle=False),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, msgspec.DecodeError) as error:
        raise IndexDamaged(f"{folder}: {error}") from error
    if (
        len(texts) != len(layout.texts)
        or len(passages) != len(layout.articles)
        or len(parts.nearest_texts) != len(texts)
        or len(parts.wrong_vectors) != len(layout.wrong_topics)
        or len(head.biases) != layout.topic_count
    ):
        raise IndexDamaged(f"{folder}: its parts do not fit together")
    return parts, manifest.version


def read_vectors(folder: Path) -> tuple[str, Keys, Vectors]:
    """The encoder's fingerprint and every vector of a folder with its key, to be used again. Raises `IndexDamaged`."""
    manifest = _checked_manifest(folder)
    try:
        passages = _array(folder / "passages.npy")
        vectors = [
            _array(folder / "texts.npy"),
            passages[np.any(passages != 0, axis=1)],
            _array(folder / "negatives.npy"),
            _array(folder / "wrong.npy"),
        ]
        keys = np.load(folder / "keys.npy", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{folder}: {error}") from error
    joined = np.concatenate(vectors)
    if len(joined) != len(keys):
        raise IndexDamaged(f"{folder}: its parts do not fit together")
    return manifest.encoder, keys, joined


def fitted_to_json(parts: Parts) -> dict[str, dict[str, object]]:
    """What was fitted, as the version's row keeps it."""
    return {"ranking": parts.ranking.to_json(), "calibration": parts.calibration.to_json()}


def fitted_from_json(stored: Mapping[str, Mapping[str, object]]) -> tuple[Ranking, Calibration]:
    """Raises KeyError or TypeError for what `fitted_to_json` did not write."""
    return Ranking.from_json(stored["ranking"]), Calibration.from_json(stored["calibration"])


def _checked_manifest(folder: Path) -> _Manifest:
    try:
        manifest = msgspec.json.decode((folder / _MANIFEST).read_bytes(), type=_Manifest)
        if manifest.format != FORMAT:
            raise IndexDamaged(f"{folder}: written by another release")
        for name, expected in manifest.files.items():
            if _sha256(folder / name) != expected:
                raise IndexDamaged(f"{folder / name}: not what was written")
    except (OSError, msgspec.DecodeError) as error:
        raise IndexDamaged(f"{folder}: {error}") from error
    return manifest


def _write_words(words: LexicalIndex, folder: Path, name: str) -> None:
    np.savez(folder / f"{name}.npz", **words.arrays())  # type: ignore[arg-type]
    (folder / f"{name}.json").write_bytes(msgspec.json.encode(words.vocabulary))


def _read_words(folder: Path, name: str) -> LexicalIndex:
    with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return LexicalIndex(msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=list[str]), arrays)


def _array(path: Path) -> NDArray[np.float32]:
    return np.asarray(np.load(path, allow_pickle=False), np.float32)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
