"""`python -m router`: reads settings and serves, in this process or in several."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from database.errors import DatabaseError
from router.logs import configure_logs
from router.security.secrets import SecretUnusable
from router.settings import Settings, SettingsError, load_settings
from router.workers.nursery import NurseryFailed, control_of, run_nursery
from router.workers.redis_server import RedisMissing
from router.workers.worker import Worker

if TYPE_CHECKING:
    from kb_index.encoders import NamedEncoder


def _say(line: str) -> None:
    print(line, flush=True)


def _serve(settings: Settings, worker: Worker, encoder: NamedEncoder | None = None) -> int:
    import uvloop

    from router.serving import FATAL, serve

    try:
        return uvloop.run(serve(settings, worker, encoder, _say))
    except FATAL as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1


def _keep_workers(settings: Settings) -> int:
    """Imports nothing of the desk: the parent stays small."""
    from router.workers.parent import run_parent

    try:
        return run_parent(settings, _say)
    except NurseryFailed:
        return 1  # which has said why
    except (DatabaseError, SecretUnusable, RedisMissing, OSError) as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1


def _raise_workers(settings: Settings, control: int) -> int:
    from models.encoder import ModelUnavailable

    try:
        return run_nursery(control, settings, _serve)
    except ModelUnavailable as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1


def main() -> int:
    try:
        settings = load_settings(sys.argv[1:], os.environ)
    except SettingsError as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1
    configure_logs(settings.logging.level, settings.logging.format)
    control = control_of(os.environ)
    if control is not None:
        return _raise_workers(settings, control)
    return _keep_workers(settings) if settings.server.workers > 1 else _serve(settings, Worker())


if __name__ == "__main__":
    sys.exit(main())
