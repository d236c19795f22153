"""A new index version as the editors' desk asks for it: from the server's files or from what is stored, gated or only
looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from kb_index.articles import Author
from kb_index.encoders import Encoders
from kb_index.errors import KnowledgeError, VersionRefused
from kb_index.plan import Entry, ImportPlan
from kb_index.reindexing import Reindexing
from router.knowledge.differences import changes_between
from router.knowledge.said import Places, marked
from scripts.evaluation.gate import Gate, as_json, confirmed_in_use, kept_questions
from scripts.opening import KnowledgeBase
from scripts.rehearsing.telling import Told

_SHOWN = 1_000  # entries that go into the result


async def reindexed(base: KnowledgeBase, parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    """What was added, changed, conflicting and faulty, the version, and what the gate found."""
    settings, dry_run = base.settings, bool(parameters.get("dry_run"))
    folder = settings.knowledge.articles
    if parameters.get("folder") and (folder is None or not folder.exists()):
        raise KnowledgeError("this server has no folder of articles: knowledge.articles")
    paths = [folder] if parameters.get("folder") and folder is not None else []
    gate = await _gate(base, told) if parameters.get("gate") else None
    load = Encoders(settings.encoder, settings.data_dir).load
    author = Author(str(parameters.get("author") or "desk"))
    reindexing = Reindexing(
        base.database, base.articles, base.versions, settings.data_dir, load, author, folder,
        settings.knowledge.videos,
    )  # fmt: skip
    take_file = bool(parameters.get("take_file"))
    refused: str | None = None
    version, built = await base.versions.serving(), False
    try:
        if dry_run and gate is None:
            plan = await reindexing.plan(paths, prune=False, take_file=take_file, progress=told)
        elif dry_run and gate is not None:
            rehearsal = await reindexing.rehearse(paths, take_file=take_file, progress=told)
            plan = rehearsal.plan
            await gate.judge(rehearsal)
        else:
            outcome = await reindexing.run(
                paths, take_file=take_file, progress=told, judge=gate.judge if gate else None
            )
            plan, version, built = outcome.plan, outcome.version, outcome.built
    except VersionRefused as refusal:
        if gate is None or gate.judged is None:
            raise
        plan, refused = gate.judged.plan, str(refusal)
    places = Places()
    told_gate = as_json(gate, refused is not None, marked(places)) if gate is not None else None
    summary = {
        "counts": plan.counts, "version": version, "built": built, "dry_run": dry_run, "refused": refused is not None,
        "gate": _short(told_gate),
    }  # fmt: skip
    result = {"summary": summary, "entries": _entries(plan), "gate": told_gate, "said": places.as_json()}
    return {"result": result} | ({"refused": refused} if refused else {})


async def _gate(base: KnowledgeBase, told: Told) -> Gate:
    settings = base.settings
    questions = kept_questions([], settings.knowledge.kept_questions)
    questions += await confirmed_in_use(base.database, base.versions, settings.learning.believed_from, questions)
    if not questions:
        raise KnowledgeError("there are no kept questions: set knowledge.kept_questions")
    return Gate(questions, base.versions, settings, told)


def _short(gate: dict[str, Any] | None) -> dict[str, Any] | None:
    """The gate without its lists."""
    if gate is None:
        return None
    return {name: len(value) if isinstance(value, list) else value for name, value in gate.items() if name != "remarks"}


def _entries(plan: ImportPlan) -> list[dict[str, Any]]:
    shown = [entry for entry in plan.entries if entry.kind != "unchanged"][:_SHOWN]
    return [_entry(entry) for entry in shown]


def _entry(entry: Entry) -> dict[str, Any]:
    article = entry.after or entry.before
    differs = entry.kind in ("changed", "conflicting")
    fields = changes_between(entry.before, entry.after) if differs else []
    name = None if entry.file is None else Path(entry.file).name
    entry = replace(entry, file=name)
    return {
        "kind": entry.kind, "id": entry.article_id, "question": article.question if article else None,
        "file": entry.file, "line": entry.line, "message": entry.message,
        "fields": [
            {"name": field.name, "pieces": [{"op": piece.op, "text": piece.text} for piece in field.pieces]}
            for field in fields
        ],
    }  # fmt: skip
