"""Files that people send along: where they are kept, how they come in, who fetches them, what takes them away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from router.agents.records import Account
from router.assembly.ground import Ground
from router.breaker import Breaker
from router.payloads.log import Attachment
from router.routes import Face
from router.timetable import Job
from router.uploads.attaching import Attaching
from router.uploads.http import UploadsHttp
from router.uploads.links import Links
from router.uploads.pictures import Bounds
from router.uploads.reading import FilesOf
from router.uploads.reaping import Reaping
from router.uploads.receiving import Quota, Receiving, open_arriving
from router.uploads.scanning import Scan, open_scan, unscanned
from router.uploads.serving import Serving
from router.uploads.storage import Storage, open_storage

SeesTicket = Callable[[Account, UUID], Awaitable[bool]]

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Files:
    links: Links
    attaching: Attaching
    serving: Serving
    storage: Storage
    scan: Scan
    reaping: Reaping
    #: The files in some conversations.
    of_conversations: Callable[[Sequence[UUID]], Awaitable[list[Attachment]]]
    #: The files of some tickets' comments.
    reading: FilesOf
    #: The HTTP face, given what refuses a customer who is blocked, and who sees a ticket.
    faces: Callable[[Callable[[UUID], None], SeesTicket], tuple[Face, ...]]
    #: Of what is outside: the store, the virus scanner.
    breakers: tuple[Breaker, ...]

    def jobs(self) -> list[Job]:
        return [
            Job("take away files", 60, self.reaping.tick),
            Job("look for files without a message", 600, self.reaping.look_for_strays),
        ]


def wire_uploads(ground: Ground) -> Files:
    settings, database, clock = ground.settings.uploads, ground.database, ground.clock
    folder = ground.settings.data_dir / "uploads"
    storage = open_storage(settings, folder)
    links = Links(ground.secrets.token_key, clock, settings.link_minutes)
    scanner = open_scan(settings)
    scan = unscanned if scanner is None else scanner.scan
    executor = ThreadPoolExecutor(1, "pictures")  # one at a time: a decoded picture takes much memory
    ground.opened.callback(executor.shutdown, wait=False, cancel_futures=True)
    receiving = Receiving(
        database,
        storage,
        clock,
        executor,
        open_arriving(ground.settings.data_dir / "arriving"),
        kinds=settings.kinds,
        bounds=Bounds(round(settings.max_megapixels * 1_000_000), settings.max_side, settings.preview_side),
        quotas={
            "customer": Quota(settings.customer_files_per_hour, round(settings.customer_megabytes_per_day * _MEGABYTE)),
            "agent": Quota(settings.agent_files_per_hour, round(settings.agent_megabytes_per_day * _MEGABYTE)),
        },
        scan=scan,
    )

    def faces(require_admitted: Callable[[UUID], None], sees_ticket: SeesTicket) -> tuple[Face, ...]:
        seconds = settings.receive_seconds
        return (UploadsHttp(database, receiving, links, require_admitted, sees_ticket, receive_seconds=seconds),)

    reading = FilesOf(database, links)

    return Files(
        links,
        Attaching(database, per_message=settings.per_message),
        Serving(database, storage, links),
        storage,
        scan,
        Reaping(database, storage, clock, unused_after=timedelta(hours=settings.unused_hours)),
        reading.of,
        reading,
        faces,
        (storage.breaker, *(() if scanner is None else (scanner.breaker,))),
    )
