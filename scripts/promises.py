"""How well promises are heard, and their times read: words alone, head alone and both, on sentences set aside before
the rules were written; needs no database and no server."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from kb_index.encoders import Encoders
from models.batching import BatchedEncoder
from models.heads.examples import FaultyExamples
from models.heads.promising import NAME, YES, Sentence, promise_head, read_sentences
from router.promises import when, wording
from router.promises.hearing import Ear, Hearing
from router.settings import Settings, load_settings
from router.settings_sources import SettingsError
from router.waiting.hours import Calendar

#: The morning on which every sentence of the set was said.
SAID_AT = datetime(2026, 11, 18, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
HELD = Path(__file__).resolve().parent.parent / "questions" / "promises" / "held.jsonl"
_CALENDAR = Calendar.of("Asia/Shanghai", {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")})


def main(
    sentences: Annotated[Path, typer.Option(help="labelled sentences, JSONL with text, promises, due")] = HELD,
    show: Annotated[bool, typer.Option(help="print what was heard wrongly")] = False,
) -> None:
    """Prints precision and recall of promises, and how many times were read right."""
    try:
        labelled = read_sentences(sentences)
        settings = load_settings([], os.environ)
    except (FaultyExamples, SettingsError, OSError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    asyncio.run(_measure(labelled, settings, show))


async def _measure(labelled: list[Sentence], settings: Settings, show: bool) -> None:
    encoder = Encoders(settings.encoder, settings.data_dir).load()
    batched = BatchedEncoder(encoder, settings.encoder.cache_size, settings.encoder.batch)
    ear = Ear(batched, promise_head(encoder, settings.encoder.cache_path))
    hearing = Hearing(lambda: ear, lambda: _CALENDAR, from_chance=0.5)
    heard = [await hearing.promise_in(one.text, SAID_AT) for one in labelled]
    by_words = [any(wording.judge(part) == "yes" for part in wording.sentences(one.text)) for one in labelled]
    vectors = [await batched.heard_vector(one.text) for one in labelled]
    by_head = [ear.head.read(one.text, v)[NAME].of(YES) >= 0.5 for one, v in zip(labelled, vectors, strict=True)]
    await batched.close()
    typer.echo(f"{len(labelled)} sentences, {sum(one.promises for one in labelled)} of them promises")
    _print("words alone", labelled, by_words)
    _print("head alone", labelled, by_head)
    _print("both", labelled, [one is not None for one in heard])
    dated = [one for one in labelled if one.due is not None]
    read = [(one, when.read(one.text, SAID_AT, _CALENDAR)) for one in dated]
    right = [one for one, found in read if found is not None and found.at == _local(one.due)]
    typer.echo(f"times       {len(right)} of {len(dated)} read to the minute")
    if show:
        for one, found in zip(labelled, heard, strict=True):
            if one.promises != (found is not None):
                typer.echo(f"  {'missed' if one.promises else 'wrong'}: {one.text}")
        for one, at in read:
            if one not in right:
                typer.echo(
                    f"  time: {one.text} → {at and at.at.astimezone(SAID_AT.tzinfo):%m-%d %H:%M}, meant {one.due}"
                )


def _print(name: str, labelled: list[Sentence], heard: list[bool]) -> None:
    both = sum(one.promises and found for one, found in zip(labelled, heard, strict=True))
    precision, recall = both / max(sum(heard), 1), both / max(sum(one.promises for one in labelled), 1)
    typer.echo(f"{name:<12}precision {precision:.3f}  recall {recall:.3f}")


def _local(due: str | None) -> datetime | None:
    return None if due is None else datetime.fromisoformat(due).replace(tzinfo=SAID_AT.tzinfo)


if __name__ == "__main__":
    typer.run(main)
