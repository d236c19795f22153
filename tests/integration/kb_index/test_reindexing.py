"""The stored knowledge base: imports, index versions, rollback and the cache folders, on a real Postgres."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from database.clock import ManualClock
from database.pool import Database
from kb_index.articles import Articles, Author
from kb_index.errors import ArticleConflict, IndexMismatch, NoSuchVersion
from kb_index.records import Article
from kb_index.reindexing import Reindexing
from kb_index.search import KnowledgeIndex
from kb_index.settings import IndexSettings
from kb_index.versions import IndexVersions, KnowledgeBusy
from models.encoder import Vectors
from models.hashing_encoder import HashingEncoder

pytestmark = pytest.mark.slow

EDITOR = Author("小林")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


class CountingEncoder(HashingEncoder):
    """Says how many texts it was asked to encode."""

    def __init__(self, dimensions: int = 384) -> None:
        super().__init__(dimensions)
        self.encoded: list[str] = []

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return super().encode_questions(texts)


class Desk:
    """A knowledge base with its folder of files."""

    def __init__(self, database: Database, data_dir: Path, files: Path, clock: ManualClock) -> None:
        self.database = database
        self.data_dir = data_dir
        self.files = files
        self.encoder = CountingEncoder()
        self.articles = Articles(database, clock)
        self.versions = IndexVersions(database, data_dir, IndexSettings(keep_folders=2), clock)
        self.reindexing = Reindexing(
            database, self.articles, self.versions, data_dir, lambda _: self.encoder, Author("reindex")
        )
        files.mkdir()

    def write(self, name: str, answer: str, *, body: str = "") -> None:
        text = f"---\nid: {name}\nquestion: 怎么{name}\nvariants: [如何{name}]\n---\n{answer}\n{body}"
        (self.files / f"{name}.md").write_text(text, "utf-8")

    async def edit(self, article: Article) -> Article:
        """Somebody at the desk saves it."""
        async with self.database.transaction() as connection:
            return await self.articles.save_desk_article(connection, article, EDITOR)

    async def reindex(self, *, prune: bool = False, take_file: bool = False) -> dict[str, int]:
        outcome = await self.reindexing.run([self.files], prune=prune, take_file=take_file)
        return {kind: count for kind, count in outcome.plan.counts.items() if count}

    async def index(self) -> KnowledgeIndex:
        serving = await self.versions.serving()
        assert serving is not None
        return await self.versions.load(serving, self.encoder)

    async def answers(self) -> dict[str, str]:
        """What the served version says, and with it what editors see: the two must agree."""
        index = await self.index()
        shown = {
            one.article.id: one.article.answer
            for one in await self.articles.stored()
            if not one.removed and one.article.status == "published"
        }
        served = {name: article.answer for name in shown if (article := index.article(name))}
        assert served == shown
        assert len(index) == len(shown)
        return served


@pytest.fixture
def desk(database: Database, tmp_path: Path, clock: ManualClock) -> Desk:
    made = Desk(database, tmp_path / "var", tmp_path / "faq", clock)
    made.write("导出", "点导出。")
    made.write("登录", "点登录。")
    return made


async def test_an_edited_file_is_served_and_rolled_back_with_its_answers(desk: Desk) -> None:
    assert await desk.reindex() == {"added": 2}
    desk.write("导出", "先展开，再点导出。")
    desk.write("打印", "点打印。")
    assert await desk.reindex() == {"added": 1, "changed": 1, "unchanged": 1}
    assert await desk.answers() == {"导出": "先展开，再点导出。", "登录": "点登录。", "打印": "点打印。"}

    assert await desk.versions.roll_back(None, EDITOR) == 1
    assert await desk.answers() == {"导出": "点导出。", "登录": "点登录。"}

    assert await desk.reindex() == {"added": 1, "changed": 1, "unchanged": 1}
    assert (await desk.index()).version == 3
    assert [one.article.revision for one in await desk.articles.history("导出")] == [3, 2, 1]


async def test_the_certainty_that_an_article_asks_for_is_served_and_rolled_back(desk: Desk) -> None:
    await desk.reindex()
    (desk.files / "导出.md").write_text(
        "---\nid: 导出\nquestion: 怎么导出\nvariants: [如何导出]\nanswer_at: 0.9\n---\n点导出。\n", "utf-8"
    )
    assert await desk.reindex() == {"changed": 1, "unchanged": 1}
    served = (await desk.index()).article("导出")
    assert served is not None
    assert served.answer_at == 0.9
    await desk.edit(replace(served, answer_at=None))
    assert [one.article.answer_at for one in await desk.articles.history("导出")] == [None, 0.9, None]


async def test_nothing_changed_builds_nothing(desk: Desk) -> None:
    await desk.reindex()
    assert await desk.reindex() == {"unchanged": 2}
    assert [version.number for version in await desk.versions.all()] == [1]


async def test_only_new_texts_are_encoded(desk: Desk) -> None:
    await desk.reindex()
    desk.encoder.encoded.clear()
    (desk.files / "新.md").write_text("---\nid: 新\nquestion: 新问题\n---\n新答案\n", "utf-8")
    await desk.reindex()
    assert set(desk.encoder.encoded) == {"新问题", "新答案"}


async def test_a_plan_writes_nothing(desk: Desk) -> None:
    plan = await desk.reindexing.plan([desk.files], prune=True, take_file=True)
    assert plan.counts["added"] == 2
    assert await desk.articles.stored() == []
    assert await desk.versions.serving() is None
    assert not desk.data_dir.exists()


async def test_pruned_articles_leave_and_come_back_by_rollback(desk: Desk) -> None:
    await desk.reindex()
    (desk.files / "登录.md").unlink()
    assert await desk.reindex() == {"removed": 1, "unchanged": 1}
    assert set(await desk.answers()) == {"导出", "登录"}
    await desk.reindex(prune=True)
    assert set(await desk.answers()) == {"导出"}
    await desk.versions.roll_back(1, EDITOR)
    assert set(await desk.answers()) == {"导出", "登录"}


async def test_what_was_changed_at_the_desk_is_kept(desk: Desk) -> None:
    await desk.reindex()
    index = await desk.index()
    current = index.article("导出")
    assert current is not None
    saved = await desk.edit(replace(current, answer="台上改的。"))
    assert saved.revision == 2
    with pytest.raises(ArticleConflict, match="revision 2"):
        await desk.edit(replace(current, answer="又一次。"))

    outcome = await desk.reindexing.run([])
    assert outcome.built
    assert (await desk.answers())["导出"] == "台上改的。"
    assert await desk.reindex(prune=True) == {"conflicting": 1, "unchanged": 1}
    assert (await desk.answers())["导出"] == "台上改的。"
    assert await desk.reindex(take_file=True) == {"changed": 1, "unchanged": 1}
    assert (await desk.answers())["导出"] == "点导出。"


async def test_of_two_new_articles_with_one_id_one_is_stored(desk: Desk) -> None:
    new = Article(id="新", question="问", answer="答")
    outcomes = await asyncio.gather(*(desk.edit(replace(new, answer=f"{n}")) for n in range(4)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, BaseException)] == [ArticleConflict] * 3
    assert len(await desk.articles.history("新")) == 1


async def test_a_missing_or_damaged_folder_is_made_again_from_the_rows(desk: Desk) -> None:
    await desk.reindex()
    first = await desk.index()
    shutil.rmtree(desk.data_dir / "index")
    again = await desk.index()
    assert again.calibration == first.calibration
    (desk.data_dir / "index" / "1" / "texts.npy").write_bytes(b"nonsense")
    await desk.index()
    vector = desk.encoder.encode_questions(["怎么登录"])[0]
    assert (
        again.find("怎么登录", vector)
        == first.find("怎么登录", vector)
        == (await desk.index()).find("怎么登录", vector)
    )


async def test_old_folders_go_and_old_versions_still_load(desk: Desk) -> None:
    for number in range(4):
        desk.write("导出", f"第 {number} 版。")
        await desk.reindex()
    assert sorted(folder.name for folder in (desk.data_dir / "index").iterdir()) == ["3", "4"]
    await desk.versions.roll_back(1, EDITOR)
    assert (await desk.answers())["导出"] == "第 0 版。"


async def test_another_encoder_needs_a_new_version(desk: Desk) -> None:
    await desk.reindex()
    desk.encoder = CountingEncoder(64)
    with pytest.raises(IndexMismatch, match="reindex"):
        await desk.index()
    await desk.reindex()
    assert (await desk.index()).version == 2
    with pytest.raises(IndexMismatch):
        await desk.versions.roll_back(1, EDITOR)


async def test_rolling_back_to_what_is_not_there_changes_nothing(desk: Desk) -> None:
    with pytest.raises(NoSuchVersion):
        await desk.versions.roll_back(None, EDITOR)
    await desk.reindex()
    for number in (None, 0, 77):
        with pytest.raises(NoSuchVersion):
            await desk.versions.roll_back(number, EDITOR)
    assert await desk.versions.serving() == 1


async def test_two_imports_at_once_take_turns(desk: Desk) -> None:
    waited: list[bool] = []
    outcomes = await asyncio.gather(
        *(desk.reindexing.run([desk.files], on_wait=lambda: waited.append(True)) for _ in range(2))
    )
    assert sorted(outcome.built for outcome in outcomes) == [False, True]
    assert waited == [True]
    async with desk.versions.alone(1):
        with pytest.raises(KnowledgeBusy):
            async with desk.versions.alone(0.3):
                pass
    async with desk.versions.alone(1):
        pass


async def test_a_desk_edit_during_the_build_is_not_lost(desk: Desk) -> None:
    await desk.reindex()
    current = (await desk.index()).article("导出")
    assert current is not None
    desk.write("登录", "新答案。")
    loop = asyncio.get_running_loop()

    def load_slowly(_: object) -> CountingEncoder:
        edit = desk.edit(replace(current, answer="刚刚改的。"))
        asyncio.run_coroutine_threadsafe(edit, loop).result(10)
        return desk.encoder

    slow = Reindexing(desk.database, desk.articles, desk.versions, desk.data_dir, load_slowly, Author("reindex"))
    with pytest.raises(ArticleConflict, match="meanwhile"):
        await slow.run([desk.files])
    assert await desk.versions.serving() == 1
    assert await desk.reindex() == {"conflicting": 1, "changed": 1}
    assert await desk.answers() == {"导出": "刚刚改的。", "登录": "新答案。"}


async def test_pictures_are_kept_by_their_content(desk: Desk) -> None:
    (desk.files / "图.png").write_bytes(PNG)
    desk.write("导出", "见图。", body="![导出菜单](图.png)\n")
    await desk.reindex()
    article = (await desk.index()).article("导出")
    assert article is not None
    assert [picture.name for picture in article.pictures] == ["图.png"]
    assert (desk.data_dir / article.pictures[0].path).read_bytes() == PNG


async def test_an_empty_knowledge_base_is_served_too(desk: Desk) -> None:
    outcome = await desk.reindexing.run([])
    assert outcome.built
    assert len(await desk.index()) == 0


async def test_every_change_is_in_the_audit(desk: Desk, database: Database) -> None:
    await desk.reindex()
    (desk.files / "登录.md").unlink()
    await desk.reindex(prune=True)
    await desk.versions.roll_back(None, EDITOR)
    rows = await database.fetch("select actor_name, action, subject_id from audit order by id")
    assert [(row["actor_name"], row["action"], row["subject_id"]) for row in rows] == [
        ("reindex", "article.changed", "导出"),
        ("reindex", "article.changed", "登录"),
        ("reindex", "article.removed", "登录"),
        ("小林", "index.rolled_back", "1"),
    ]
