"""What an import would do: what was changed at the desk is not overwritten, what is unreadable is not missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kb_index.articles import StoredArticle, content_hash
from kb_index.plan import plan_import
from kb_index.reading.records import Fault, ReadArticle, ReadResult, SourceFile
from kb_index.records import Article, Origin

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ARTICLE = Article("a", "问", "答", revision=3)


def stored(
    article: Article = ARTICLE,
    origin: Origin = "file",
    source: str = "faq/a.md",
    removed: bool = False,
    newest: int = 3,
) -> StoredArticle:
    return StoredArticle(article, origin, source, content_hash(article), newest, removed, "小林", NOON)


def read(*articles: Article, faults: tuple[Fault, ...] = (), folder: bool = True, file: str = "a.md") -> ReadResult:
    found = tuple(
        ReadArticle(replace(article, revision=0), f"faq/{file}", 1 + number, f"faq/{file}")
        for number, article in enumerate(articles)
    )
    return ReadResult(
        found, faults, (SourceFile(Path(file), Path("."), f"faq/{file}", f"faq/{file}"),), ("faq/",) if folder else ()
    )


def kinds(result: ReadResult, *known: StoredArticle, prune: bool = False, take_file: bool = False) -> list[str]:
    return [entry.kind for entry in plan_import(result, known, prune=prune, take_file=take_file).entries]


def test_added_changed_unchanged() -> None:
    assert kinds(read(ARTICLE)) == ["added"]
    assert kinds(read(ARTICLE), stored()) == ["unchanged"]
    assert kinds(read(replace(ARTICLE, answer="新答")), stored()) == ["changed"]


def test_new_revisions_never_take_a_number_again() -> None:
    plan = plan_import(read(replace(ARTICLE, answer="新答")), [stored(newest=7)])
    assert plan.entries[0].after is not None
    assert plan.entries[0].after.revision == 8


def test_what_was_changed_at_the_desk_is_a_conflict_until_the_file_is_taken() -> None:
    desk = stored(replace(ARTICLE, answer="台上改的"), "desk")
    plan = plan_import(read(ARTICLE), [desk])
    assert [entry.kind for entry in plan.entries] == ["conflicting"]
    assert "小林" in plan.entries[0].message
    assert plan.result([desk]) == [desk.article]
    assert kinds(read(ARTICLE), desk, take_file=True) == ["changed"]
    assert kinds(read(ARTICLE), stored(origin="desk")) == ["unchanged"]


def test_missing_articles_are_kept_unless_pruned() -> None:
    other = replace(ARTICLE, id="b")
    known = [stored(), stored(other)]
    kept = plan_import(read(ARTICLE), known)
    assert [entry.kind for entry in kept.entries] == ["unchanged", "removed"]
    assert "kept" in kept.entries[1].message
    assert len(kept.result(known)) == 2
    assert plan_import(read(ARTICLE), known, prune=True).result(known) == [ARTICLE]


def test_only_files_lose_articles() -> None:
    assert kinds(read(), stored(origin="desk")) == []
    assert kinds(read(), stored(removed=True)) == []
    assert kinds(read(folder=False, file="other.md"), stored()) == []
    assert kinds(read(folder=False), stored()) == ["removed"]


def test_a_folder_answers_only_for_what_came_from_it() -> None:
    elsewhere = stored(replace(ARTICLE, id="b"), source="team/b.md")
    assert kinds(read(), stored(), elsewhere) == ["removed"]


def test_a_faulty_article_is_not_missing() -> None:
    assert kinds(read(faults=(Fault("faq/a.md", 1, "broken", "a"),)), stored(source="faq/moved.md")) == ["faulty"]
    assert kinds(read(faults=(Fault("faq/a.md", 1, "not text"),)), stored()) == ["faulty"]


def test_a_removed_article_comes_back_as_a_new_revision() -> None:
    plan = plan_import(read(ARTICLE), [stored(removed=True)])
    assert plan.entries[0].kind == "added"
    assert plan.entries[0].after is not None
    assert plan.entries[0].after.revision == 4


def test_an_article_in_another_file_is_unchanged_but_moved() -> None:
    entry = plan_import(read(ARTICLE, file="b.md"), [stored()]).entries[0]
    assert (entry.kind, entry.moved) == ("unchanged", True)
