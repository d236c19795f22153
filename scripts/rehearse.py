"""`python -m scripts.rehearse`: what the editors' desk asks of a process of its own, for the server alone.

One JSON object on standard input: `{"kind": "reindex" | "replay" | "evaluation" | "try", "settings": {…},
"parameters": {…}}`. Lines of JSON on standard output: `{"doing", "done", "total"}` while it works, then `{"result",
"report"?, "refused"?}` or `{"error"}`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

import msgspec

from database.errors import DatabaseError
from kb_index.errors import KnowledgeError
from models.encoder import ModelUnavailable
from models.heads.examples import FaultyExamples
from router.settings import Settings
from scripts.opening import KnowledgeBase, open_knowledge_base
from scripts.rehearsing.evaluating import evaluated
from scripts.rehearsing.reindexing import reindexed
from scripts.rehearsing.replaying import replayed, tried
from scripts.rehearsing.telling import Told

_LOWER_PRIORITY = 10


class Asked(msgspec.Struct, frozen=True):
    """What the server wants."""

    kind: Literal["reindex", "replay", "evaluation", "try"]
    settings: dict[str, Any]
    parameters: dict[str, Any]


Work = Callable[[KnowledgeBase, dict[str, Any], Told], Awaitable[dict[str, Any]]]
_WORK: dict[str, Work] = {"reindex": reindexed, "replay": replayed, "evaluation": evaluated, "try": tried}


def main() -> int:
    """Exit status 0 with a result, 1 with an `error` line, 2 for wrong parameters."""
    os.nice(_LOWER_PRIORITY)  # customers' questions go first
    told = Told(sys.stdout.buffer)
    try:
        asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
        settings = _settings(asked.settings)
    except (msgspec.DecodeError, ValueError) as error:
        told.say({"error": f"wrong parameters: {error}"})
        return 2
    try:
        told.say(asyncio.run(_run(asked, settings, told)))
    except (KnowledgeError, DatabaseError, ModelUnavailable, FaultyExamples) as error:
        told.say({"error": str(error)})
        return 1
    except OSError as error:
        told.say({"error": f"{error.filename or 'file'}: {error.strerror or error}"})
        return 1
    return 0


def _settings(given: dict[str, Any]) -> Settings:
    settings = Settings.model_validate(given)
    return settings.model_copy(update={"data_dir": Path(settings.data_dir)})


async def _run(asked: Asked, settings: Settings, told: Told) -> dict[str, Any]:
    async with open_knowledge_base(settings) as base:
        return await _WORK[asked.kind](base, asked.parameters, told)


if __name__ == "__main__":
    sys.exit(main())
