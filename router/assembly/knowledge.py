"""The editors' desk: articles and their drafts, files in and out, releases, tries, and what runs in a process of its
own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from router.assembly.answers import Answers
from router.assembly.ground import Ground
from router.assembly.uploads import Files
from router.knowledge.catalogue import CatalogueHttp, Listing
from router.knowledge.drafts import Drafts
from router.knowledge.drafts_http import DraftsHttp
from router.knowledge.files_http import KnowledgeFilesHttp
from router.knowledge.http import KnowledgeHttp
from router.knowledge.imports import Imports
from router.knowledge.media import Media
from router.knowledge.pictures import PicturesHttp
from router.knowledge.releases import ReleasesHttp
from router.knowledge.runs import Runs
from router.knowledge.runs_http import RunsHttp
from router.knowledge.trying import TryingHttp
from router.learning.clusters import Clusters
from router.learning.clusters_http import ClustersHttp
from router.learning.tasks import Tasks
from router.routes import Face
from router.timetable import Job

#: What a process of its own has to know; no secrets.
_TOLD = {"data_dir", "encoder", "index", "bot", "signals", "topics", "knowledge", "learning"}


@dataclass(frozen=True, slots=True)
class EditorsDesk:
    runs: Runs
    media: Media
    imports: Imports
    faces: tuple[Face, ...]

    def jobs(self) -> list[Job]:
        return [
            Job("forget what replays found", 3600, self.runs.forget),
            Job("forget files to import", 3600, self.imports.forget),
            Job("share pictures of articles", 10, self.media.share),
        ]


def wire_knowledge(ground: Ground, answers: Answers, files: Files) -> EditorsDesk:
    settings, database, clock = ground.settings, ground.database, ground.clock
    knowledge, second_reviewer = answers.knowledge, settings.knowledge.second_reviewer
    media = Media(settings.data_dir / "pictures", None if settings.uploads.url is None else files.storage)
    tasks = Tasks(database, clock, answers.harvest)
    drafts = Drafts(database, knowledge, tasks.settle, media, clock, second_reviewer=second_reviewer)

    def told() -> Mapping[str, Any]:
        return ground.tuning.settings.model_dump(mode="json", include=_TOLD) | {"database": {"url": database.dsn}}

    listing = Listing(database, clock)
    runs = Runs(database, clock, told, knowledge.follow)
    videos, seconds = settings.knowledge.videos, settings.uploads.receive_seconds
    imports = Imports(
        database,
        answers.articles,
        drafts,
        media,
        files.storage,
        files.scan,
        clock,
        videos=videos,
        most_bytes=round(settings.knowledge.import_megabytes * 1024 * 1024),
    )
    faces: tuple[Face, ...] = (
        KnowledgeHttp(knowledge, second_reviewer=second_reviewer),
        CatalogueHttp(database, listing, settings.sites.names, second_reviewer=second_reviewer),
        DraftsHttp(drafts, listing, knowledge, media.folder),
        TryingHttp(answers.models.answerer, lambda: knowledge.serving, lambda: ground.tuning.settings.bot, clock),
        PicturesHttp(media, videos, files.scan, receive_seconds=seconds),
        KnowledgeFilesHttp(imports, knowledge, media, receive_seconds=seconds),
        ReleasesHttp(database, ground.audit, clock),
        RunsHttp(runs, answers.versions, knowledge, drafts, media),
        ClustersHttp(tasks, Clusters(lambda: knowledge.serving), drafts, knowledge),
    )
    return EditorsDesk(runs, media, imports, faces)
