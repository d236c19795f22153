"""Files into the knowledge base, and the knowledge base into a served index version: the one path for server and
command line."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from database.pool import Database
from kb_index.articles import Articles, Author, StoredArticle
from kb_index.encoders import Encoders, LoadEncoder, NamedEncoder, TunedEncoder
from kb_index.errors import KnowledgeError
from kb_index.plan import ImportPlan, plan_import
from kb_index.reading.files import read_files
from kb_index.reading.pictures import ANY_VIDEOS, Videos
from kb_index.records import Article
from kb_index.search import KnowledgeIndex
from kb_index.topics import Layout, lay_out
from kb_index.tuning import is_due, seen_in, tune
from kb_index.vectors import Encoder, Progress
from kb_index.versions import IndexVersions, Learnt

if TYPE_CHECKING:
    from database.pool import PooledConnection

BUSY_WAIT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done."""

    plan: ImportPlan
    version: int | None  # the one being served now
    built: bool  # whether it is a new one


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a run would put into service, in memory."""

    plan: ImportPlan
    index: KnowledgeIndex
    encoder: NamedEncoder
    served: int | None  # the version being served meanwhile


#: Looks at what is about to be put into service; refuses it by raising `VersionRefused`.
Judge = Callable[[Rehearsal], Awaitable[None]]


class Reindexing:
    """Imports and rebuilds; what the served version has learnt from use goes on into the next one."""

    def __init__(
        self, database: Database, articles: Articles, versions: IndexVersions, data_dir: Path,
        load_encoder: LoadEncoder, author: Author, root: Path | None = None,
        videos: Videos = ANY_VIDEOS,
    ) -> None:  # fmt: skip
        self._database = database
        self._articles = articles
        self._versions = versions
        self._data_dir = data_dir
        self._load_encoder = load_encoder
        self._author = author
        self._root = root
        self._videos = videos

    async def plan(
        self, paths: Sequence[Path], *, prune: bool, take_file: bool, progress: Progress | None = None
    ) -> ImportPlan:
        """What `run` would do; writes nothing."""
        read = await asyncio.to_thread(read_files, paths, progress, root=self._root, videos=self._videos)
        return plan_import(read, await self._articles.stored(), prune=prune, take_file=take_file)

    async def run(
        self, paths: Sequence[Path], *, prune: bool = False, take_file: bool = False, note: str | None = None,
        progress: Progress | None = None, on_wait: Callable[[], None] | None = None, judge: Judge | None = None,
        tuned: TunedEncoder | None = None,
    ) -> Outcome:  # fmt: skip
        """Stores what changed, builds a version where one is needed and swaps it in, all or nothing. No paths: only
        rebuilds. `judge` sees a new version before anything is stored; `tuned`: layers that it is to have instead of
        those of the version being served.

        Raises `KnowledgeError`, and what the judge, the encoder or the database raise.
        """
        async with self._versions.alone(BUSY_WAIT_SECONDS, on_wait):
            read = await asyncio.to_thread(read_files, paths, progress, root=self._root, videos=self._videos)
            stored = await self._articles.stored()
            plan = plan_import(read, stored, prune=prune, take_file=take_file)
            served = await self._versions.serving()
            learnt, encoder = await self._basis(served, tuned)
            articles = plan.result(stored)
            if served is not None and await self._is_current(served, articles, encoder):
                await self._move(plan)
                return Outcome(plan, served, built=False)
            number = await self._versions.next_number()
            index = await asyncio.to_thread(self._versions.build, number, articles, encoder, progress, learnt.lessons)
            if judge is not None:
                await judge(Rehearsal(plan, index, encoder, served))
            await asyncio.to_thread(keep_pictures, plan.picture_files, self._data_dir)
            content_hash = await asyncio.to_thread(self._versions.write, index)
            async with self._database.transaction() as connection:
                await self._store(connection, plan, stored)
                await self._versions.put(connection, index, articles, encoder.name, content_hash, note, learnt)
            await asyncio.to_thread(self._versions.clean, number)
            await self._versions.layers.clean()
            return Outcome(plan, number, built=True)

    async def tune(self, encoders: Encoders, *, progress: Progress | None = None) -> Outcome | None:
        """Tunes layers of the encoder on what is served, where that is due, and serves a version with them. None: it is
        not due, the encoder has nothing to tune, or another process is at it.

        Articles may be published meanwhile: the version has them. Raises as `run` does.
        """
        layers = self._versions.layers
        async with layers.alone() as mine:
            served = await self._versions.serving()
            if not mine or served is None or not await asyncio.to_thread(lambda: encoders.can_tune):
                return None
            learnt = await self._versions.learnt(served)
            stored = [known.article for known in await self._articles.stored() if not known.removed]
            layout = await asyncio.to_thread(lay_out, stored, learnt.lessons)
            seen = await layers.seen(encoders.base_fingerprint)
            if not await asyncio.to_thread(is_due, layout, seen):
                return None
            tuned = await self._tuned(encoders, layout, progress)
            return await self.run([], note="tuned", progress=progress, tuned=tuned)

    async def _tuned(self, encoders: Encoders, layout: Layout, progress: Progress | None) -> TunedEncoder:
        from models.upper.encoder import fingerprint_of

        base = await asyncio.to_thread(encoders.tunable)
        weights = await asyncio.to_thread(tune, base, layout, progress)
        made = TunedEncoder(fingerprint_of(base.fingerprint, weights), base.fingerprint)
        await self._versions.layers.put(made, weights, seen_in(layout))
        return made

    async def rehearse(
        self, paths: Sequence[Path], *, prune: bool = False, take_file: bool = False, progress: Progress | None = None
    ) -> Rehearsal:
        """What `run` would put into service, built in memory; writes nothing. Raises as `run` does."""
        read = await asyncio.to_thread(read_files, paths, progress, root=self._root, videos=self._videos)
        stored = await self._articles.stored()
        plan = plan_import(read, stored, prune=prune, take_file=take_file)
        served = await self._versions.serving()
        learnt, encoder = await self._basis(served)
        index = await asyncio.to_thread(self._versions.build, 0, plan.result(stored), encoder, progress, learnt.lessons)
        return Rehearsal(plan, index, encoder, served)

    async def _basis(self, served: int | None, tuned: TunedEncoder | None = None) -> tuple[Learnt, NamedEncoder]:
        """What goes on from the served version, and the encoder; a tuned one only while its base is configured."""
        learnt = await self._versions.learnt(served)
        if tuned is not None:
            return replace(learnt, tuned=tuned), await asyncio.to_thread(self._load_encoder, tuned)
        encoder = await asyncio.to_thread(self._load_encoder, learnt.tuned)
        if served is not None and (await self._versions.get(served)).encoder_hash != encoder.fingerprint:
            learnt = replace(learnt, tuned=None)
        return learnt, encoder

    async def _is_current(self, served: int, articles: Sequence[Article], encoder: Encoder) -> bool:
        version = await self._versions.get(served)
        if version.encoder_hash != encoder.fingerprint:
            return False
        return await self._versions.pinned(served) == {article.id: article.revision for article in articles}

    async def _store(self, connection: PooledConnection, plan: ImportPlan, stored: Sequence[StoredArticle]) -> None:
        await self._articles.hold_still(connection, stored)
        for entry in plan.of("added", "changed"):
            if entry.after is not None:
                await self._articles.put(connection, entry.after, "file", entry.source, self._author)
        for entry in plan.of("removed") if plan.pruned else []:
            await self._articles.remove(connection, entry.article_id or "", self._author)
        for entry in plan.of("unchanged"):
            if entry.moved:
                await self._articles.move(connection, entry.article_id or "", entry.source or "")

    async def _move(self, plan: ImportPlan) -> None:
        moved = [entry for entry in plan.of("unchanged") if entry.moved]
        if moved:
            async with self._database.transaction() as connection:
                for entry in moved:
                    await self._articles.move(connection, entry.article_id or "", entry.source or "")

    async def rehearse_with(self, changed: Sequence[Article], progress: Progress | None = None) -> Rehearsal:
        """What would be served if these articles took the places of the stored ones; writes nothing."""
        stored = await self._articles.stored()
        articles = {known.article.id: known.article for known in stored if not known.removed}
        articles |= {article.id: article for article in changed}
        served = await self._versions.serving()
        learnt, encoder = await self._basis(served)
        given = list(articles.values())
        index = await asyncio.to_thread(self._versions.build, 0, given, encoder, progress, learnt.lessons)
        return Rehearsal(ImportPlan((), False, {}), index, encoder, served)


def keep_pictures(files: Mapping[str, Path], data_dir: Path) -> None:
    """Pictures are kept by their content, so that an earlier version still has its own; `files` are named as they are
    below the data folder. Raises `KnowledgeError`."""
    for name, file in files.items():
        target = data_dir / name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(file, unfinished)
        with unfinished.open("rb") as copied:
            digest = hashlib.file_digest(copied, "sha256").hexdigest()
        if digest != target.stem:
            unfinished.unlink()
            raise KnowledgeError(f"{file} was changed while it was read; run it again")
        unfinished.replace(target)
