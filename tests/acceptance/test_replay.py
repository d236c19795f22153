"""`python -m scripts.replay` as operators use it, over a log that customers left."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from database.ids import uuid7
from tests.acceptance.commands import Done, run, run_afresh

pytestmark = pytest.mark.slow

THINGS = ["导出", "打印", "登录", "改名", "归档", "邀请", "付款", "发票", "截图", "搜索"]
ALWAYS = {"YINGDA_BOT__ANSWER_AT": "0.01", "YINGDA_BOT__OFFER_AT": "0.01", "YINGDA_BOT__OPTION_AT": "0.01"}


class Log:
    """A log with what customers asked, and an operator beside it."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn = dsn
        self.folder = folder
        self.files = folder / "faq"
        self.files.mkdir()
        self.settings = {"YINGDA_DATABASE__URL": dsn, "YINGDA_DATA_DIR": str(folder / "var"), **ALWAYS}

    def write(self, names: dict[str, str], answer: str = "点它。") -> None:
        """Articles by id, each with what it is about."""
        entries = [
            f"---\nid: {name}\nquestion: 怎么{about}\nvariants: [如何{about}]\n---\n{answer}\n"
            for name, about in names.items()
        ]
        (self.files / "a.md").write_text("".join(entries), "utf-8")

    def replay(self, *arguments: str | Path, **settings: str) -> Done:
        return run("replay", *arguments, **{**self.settings, **settings})

    def told(self, *arguments: str | Path) -> dict[str, object]:
        done = self.replay(*arguments, "--json")
        assert (done.status, done.complaint) == (0, [])
        found: dict[str, object] = json.loads(done.out)
        return found

    async def asked(
        self, *texts: str, days_ago: float = 1, context: dict[str, object] | None = None, redacted: bool = False
    ) -> UUID:
        """A conversation with one question in so many messages, answered by the bot."""
        at = datetime.now(UTC) - timedelta(days=days_ago)
        customer, conversation = uuid7(), uuid7()
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(
                "insert into customers (id, tier, created_at, seen_at) values ($1, 'free', $2, $2)", customer, at
            )
            await connection.execute(
                "insert into conversations (id, customer_id, site, channel, state, started_at, last_at)"
                " values ($1, $2, 'main', 'web', 'bot', $3, $3)",
                conversation, customer, at,
            )  # fmt: skip
            events: list[tuple[int, str, int | None, dict[str, object]]] = []
            if context is not None:
                events += [
                    (1, "customer", None, {"text": "先前的话"}),
                    (2, "bot", 1, {"text": "好", "context": context}),
                ]
            first = len(events) + 1
            for seq, text in enumerate(texts, first):
                events.append((seq, "customer", None, {"text": text} | ({"redacted": True} if redacted else {})))
            last = first + len(texts) - 1
            events.append((last + 1, "bot", last, {"text": "…", "decision": "answer", "reason": "confident"}))
            for seq, actor, reply_to, body in events:
                await connection.execute(
                    "insert into events (conversation_id, seq, kind, at, actor_kind, reply_to_seq, body)"
                    " values ($1, $2, 'message', $3, $4, $5, $6::jsonb)",
                    conversation, seq, at, actor, reply_to, json.dumps(body, ensure_ascii=False),
                )  # fmt: skip
        finally:
            await connection.close()
        return conversation

    async def known(self, conversation: UUID, article_id: str | None, is_right: bool = True) -> None:
        """What a customer's rating or an editor said about the conversation's question."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(
                "insert into learning_pairs (id, source, conversation_id, question_seqs, article_id, is_right, weight,"
                " actor_kind, at) values ($1, 'rating', $2, '{1}', $3, $4, 0.75, 'customer', now())",
                uuid7(), conversation, article_id, is_right,
            )  # fmt: skip
        finally:
            await connection.close()


@pytest.fixture
def log(tmp_path: Path, dsn: str) -> Log:
    """Ten articles are being served."""
    made = Log(dsn, tmp_path)
    made.write({thing: thing for thing in THINGS})
    assert run("reindex", made.files, **made.settings).status == 0
    return made


async def test_what_changes_is_judged_by_what_is_known(log: Log) -> None:
    await log.known(await log.asked("请问怎么导出"), "导出")
    await log.asked("请问怎么导出", days_ago=2)
    await log.known(await log.asked("请问怎么打印"), "登录")
    await log.asked("请问怎么改名")
    await log.known(await log.asked("请问怎么归档"), None)
    await log.asked("请问怎么付款")
    swapped = {thing: thing for thing in THINGS} | {
        "导出": "打印", "打印": "导出", "登录": "打印报表", "改名": "归档", "归档": "改名",
    }  # fmt: skip
    log.write(swapped)
    told = log.told("--files", log.files)
    assert (told["asked"], told["distinct"]) == (6, 5)
    changes = {change["text"]: change for change in told["list"]}  # type: ignore[attr-defined]
    assert changes["请问怎么导出"]["verdict"] == "worse"
    assert changes["请问怎么导出"]["times"] == 2
    assert changes["请问怎么改名"]["verdict"] == "look"
    assert "请问怎么付款" not in changes
    assert told["changes"] == len(changes)
    assert told["worse"] == sum(change["verdict"] == "worse" for change in changes.values())

    page = log.folder / "replay.html"
    done = log.replay("--files", log.files, "--report", page)
    assert (
        f"{told['changes']} 条变化：{told['better']} 更好，{told['worse']} 更差，{told['to_be_looked_at']} 待看"
        in done.out
    )
    assert done.out.index("更差 (worse)") < done.out.index("请问怎么导出") < done.out.index("待看 (to be looked at)")
    written = page.read_text("utf-8")
    assert "请问怎么导出" in written
    assert "<script" not in written


async def test_a_threshold_and_an_earlier_version_can_be_tried(log: Log) -> None:
    await log.known(await log.asked("请问怎么导出"), "导出")
    await log.known(await log.asked("请问怎么打印"), None)
    told = log.told("--set", "bot.answer_at=0.999", "--set", "bot.offer_at=0.999")
    verdicts = {change["text"]: change["verdict"] for change in told["list"]}  # type: ignore[attr-defined]
    assert verdicts == {"请问怎么导出": "worse", "请问怎么打印": "better"}

    log.write({thing: thing for thing in THINGS if thing != "导出"})
    assert run("reindex", log.files, "--prune", **log.settings).status == 0
    back = log.told("--version", "1")
    assert [(change["text"], change["verdict"]) for change in back["list"]] == [("请问怎么导出", "better")]  # type: ignore[attr-defined]


async def test_questions_keep_their_conversation_and_what_was_taken_back_is_gone(log: Log) -> None:
    await log.asked("请问一下", "怎么导出")
    await log.asked("那打印呢", context={"previous_question": "怎么登录"})
    await log.asked("那打印呢", context={"previous_question": "怎么改名"})
    await log.asked("我的密码是 hunter2", redacted=True)
    await log.asked("请问怎么导出", days_ago=40)
    told = log.told("--set", "bot.answer_at=1", "--set", "bot.offer_at=1", "--set", "bot.option_at=1")
    # 先前的话 twice is one; 那打印呢 after two different questions is two
    assert (told["asked"], told["distinct"]) == (5, 4)
    changes = told["list"]
    assert isinstance(changes, list)
    assert any(change["text"] == "请问一下 怎么导出" for change in changes)
    assert "hunter2" not in json.dumps(told)
    assert log.told("--set", "bot.answer_at=0.9", "--days", "60")["asked"] == 6


async def test_a_new_answer_of_the_same_article_is_counted_apart(log: Log) -> None:
    await log.asked("请问怎么导出")
    log.write({thing: thing for thing in THINGS}, answer="先展开，再点它。")
    told = log.told("--files", log.files)
    assert (told["changes"], told["reworded"]) == (0, 1)


async def test_nothing_is_written(log: Log) -> None:
    await log.asked("请问怎么导出")
    log.write({"新": "新"})
    before = sorted(path for path in (log.folder / "var").rglob("*"))
    assert log.replay("--files", log.files, "--prune").status == 0
    assert sorted(path for path in (log.folder / "var").rglob("*")) == before
    assert len(json.loads(run("index", "versions", "--json", **log.settings).out)) == 1
    assert "10 removed" in run("reindex", log.files, "--dry-run", **log.settings).out


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["--days", "3"], ["--set", "server.port=1"], ["--files", "a.md", "--version", "1"], ["--days", "0"],
        ["--version", "1", "--prune"], ["--set"],
    ],
)  # fmt: skip
def test_wrong_usage(arguments: list[str]) -> None:
    assert run("replay", *arguments).status == 2


async def test_what_cannot_be_done_is_one_line(log: Log, tmp_path: Path) -> None:
    for arguments in (
        ["--version", "77"], ["--files", "/no/such"], ["--set", "bot.answer_at=7"],
        ["--set", "bot.answer_at=0.5", "--report", "/no/such/folder/out.html"],
    ):  # fmt: skip
        done = log.replay(*arguments)
        assert (done.status, done.out, len(done.complaint)) == (1, "", 1), arguments
    assert run_afresh("replay", "--help").status == 0


def test_without_a_served_version_there_is_nothing_to_replay(tmp_path: Path, dsn: str) -> None:
    done = run("replay", "--set", "bot.answer_at=0.5", YINGDA_DATABASE__URL=dsn, YINGDA_DATA_DIR=str(tmp_path / "var"))
    assert (done.status, len(done.complaint)) == (1, 1)
    assert "reindex" in done.complaint[0]
