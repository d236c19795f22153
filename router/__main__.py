"""`python -m router`: reads settings and serves, in this process or in several."""

from __future__ import annotations

import os
import sys

from database.errors import DatabaseError
from router.logs import configure_logs
from router.security.secrets import SecretUnusable
from router.settings import Settings, SettingsError, load_settings
from router.workers.redis_server import RedisMissing
from router.workers.worker import Worker, worker_of


def _say(line: str) -> None:
    print(line, flush=True)


def _serve(settings: Settings, worker: Worker) -> int:
    import uvloop

    from router.serving import FATAL, serve

    try:
        return uvloop.run(serve(settings, worker, _say))
    except FATAL as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1


def _keep_workers(settings: Settings) -> int:
    """Imports nothing of the desk: the parent stays small."""
    from router.workers.parent import run_parent

    try:
        return run_parent(settings, _say)
    except (DatabaseError, SecretUnusable, RedisMissing, OSError) as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1


def main() -> int:
    try:
        settings = load_settings(sys.argv[1:], os.environ)
    except SettingsError as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1
    configure_logs(settings.logging.level, settings.logging.format)
    worker = worker_of(os.environ)
    if settings.server.workers > 1 and not worker.has_parent:
        return _keep_workers(settings)
    return _serve(settings, worker)


if __name__ == "__main__":
    sys.exit(main())
