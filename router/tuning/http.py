"""The settings desk over HTTP, for supervisors and administrators: what holds, what config.yaml says, what a threshold
would do by the last evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from asyncpg import Record
from msgspec import Meta, Struct

from kb_index.articles import Author
from router.api import Call, Route
from router.errors import Conflict
from router.knowledge.runs import Runs
from router.tuning.keys import KEYS, Kind
from router.tuning.tuning import Tuning

MANAGERS = frozenset({"supervisor", "admin"})
_SHOWN = 30
_UNDER_WAY = ("waiting", "running")


class SettingView(Struct, kw_only=True):
    """``changed_at`` is null where it stands as config.yaml has it."""

    key: str
    kind: Kind
    value: Any
    default: Any
    low: float | None
    high: float | None
    changed_at: datetime | None
    changed_by: str | None


class Effect(Struct, kw_only=True):
    """What the bot would have done with the kept questions at one threshold for answers: of ``questions`` that an
    article answers, ``right`` got the right one and ``wrong`` another; of ``outside`` that none answers, so many got
    one nevertheless. The rest was offered options, asked back or handed off."""

    answer_at: float
    questions: int
    right: int
    wrong: int
    outside: int
    outside_answered: int


class OfferEffect(Struct, kw_only=True):
    """The same for a threshold of options: ``answered`` right or wrong; ``offered`` options with the right article
    among them, ``offered_without`` it; ``outside_offered`` where nothing answers. ``options``: at once, on average."""

    at: float
    questions: int
    answered: int
    offered: int
    offered_without: int
    outside: int
    outside_offered: int
    options: float | None


class Evaluation(Struct, kw_only=True):
    """``effects`` of ``bot.answer_at``, ``offers`` of ``bot.offer_at``, ``options`` of ``bot.option_at``, each with the
    other two as they were."""

    id: UUID
    at: datetime | None
    version: int | None
    answer_at: float | None
    effects: list[Effect]
    offers: list[OfferEffect]
    options: list[OfferEffect]


class UnderWay(Struct, kw_only=True):
    id: UUID
    doing: str | None
    done: int | None
    total: int | None


class SettingChange(Struct, kw_only=True):
    """``value`` null: back to what config.yaml says."""

    key: str
    value: Any
    old: Any
    at: datetime
    by: str


class SettingsView(Struct, kw_only=True):
    revision: int
    items: list[SettingView]
    history: list[SettingChange]
    evaluation: Evaluation | None
    under_way: UnderWay | None
    failed: str | None


class ChangeSettings(Struct, kw_only=True):
    """By key; null: back to what config.yaml says. ``revision`` is the one that was seen."""

    changes: Annotated[dict[str, bool | int | float | str | None], Meta(max_length=100)]
    revision: int


class SettingsChanged(Struct, kw_only=True):
    revision: int


class TuningHttp:
    def __init__(self, tuning: Tuning, runs: Runs) -> None:
        self._tuning = tuning
        self._runs = runs

    def routes(self) -> list[Route]:
        path = "/api/v1/settings"
        return [
            Route("GET", path, self.read, MANAGERS, None, SettingsView, "Settings that can be changed at the desk"),
            Route(
                "PATCH", path, self.change, MANAGERS, ChangeSettings, SettingsChanged,
                "Change settings; they hold everywhere within seconds", stores=True,
            ),
            Route(
                "POST", f"{path}/evaluation", self.evaluate, MANAGERS, None, UnderWay,
                "Ask the kept questions anew, in a process of its own", stores=True,
            ),
        ]  # fmt: skip

    async def read(self, call: Call) -> SettingsView:
        tuning = self._tuning
        await tuning.follow()
        done = await tuning.evaluation("done")
        running = await self._running()
        failed = await tuning.evaluation("done", "failed", "refused", "stopped")
        return SettingsView(
            revision=tuning.revision,
            items=[self._item(key.name, key.kind, key.low, key.high) for key in KEYS],
            history=[_change(row) for row in await tuning.history(_SHOWN)],
            evaluation=None if done is None else _evaluation(done),
            under_way=running,
            failed=None if failed is None or failed["state"] == "done" else failed["error"] or failed["state"],
        )

    async def change(self, call: Call) -> SettingsChanged:
        body: ChangeSettings = call.body
        revision = await self._tuning.change(call.connection, body.changes, body.revision, call.actor)
        call.afterwards.append(self._tuning.follow)
        return SettingsChanged(revision=revision)

    async def evaluate(self, call: Call) -> UnderWay:
        if await self._running() is not None:
            raise Conflict("an evaluation is under way")
        account = call.signed.account
        run_id = await self._runs.ask_for(call.connection, "evaluation", {}, Author(account.name, account.id))
        call.afterwards.append(lambda: self._runs.begin(run_id, "evaluation"))
        return UnderWay(id=run_id, doing=None, done=None, total=None)

    def _item(self, name: str, kind: Kind, low: float | None, high: float | None) -> SettingView:
        over = self._tuning.overridden.get(name)
        return SettingView(
            key=name,
            kind=kind,
            value=self._tuning.value(name),
            default=self._tuning.default(name),
            low=low,
            high=high,
            changed_at=over.at if over else None,
            changed_by=over.by if over else None,
        )

    async def _running(self) -> UnderWay | None:
        row = await self._tuning.evaluation(*_UNDER_WAY)
        if row is None or self._runs.state_of(await self._runs.one(row["id"])) not in _UNDER_WAY:
            return None
        return UnderWay(id=row["id"], doing=row["doing"], done=row["done"], total=row["total"])


def _evaluation(row: Record) -> Evaluation:
    found = row["result"] or {}
    summary = found.get("summary", {})
    return Evaluation(
        id=row["id"],
        at=row["ended_at"],
        version=summary.get("version"),
        answer_at=summary.get("answer_at"),
        effects=[
            Effect(
                answer_at=each["answer_at"],
                questions=each["in_scope"],
                right=each["right"],
                wrong=each.get("wrong_inside", each.get("wrong", 0)),
                outside=each["out_of_scope"],
                outside_answered=each.get("wrong_outside", 0),
            )
            for each in found.get("thresholds", [])
        ],
        offers=_offers(found, "offer_at"),
        options=_offers(found, "option_at"),
    )


def _offers(found: Mapping[str, Any], name: str) -> list[OfferEffect]:
    return [
        OfferEffect(
            at=each["at"], questions=each["in_scope"], answered=each["answered"], offered=each["offered"],
            offered_without=each["offered_without"], outside=each["out_of_scope"],
            outside_offered=each["offered_outside"], options=each["options"],
        )
        for each in found.get("offering", {}).get(name, [])
    ]  # fmt: skip


def _change(row: Record) -> SettingChange:
    return SettingChange(key=row["key"], value=row["value"], old=row["old"], at=row["at"], by=row["by_name"])
