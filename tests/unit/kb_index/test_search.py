"""Searching: the right article first, only what is in scope, translations as one, the same after loading."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from kb_index.errors import IndexDamaged, IndexMismatch
from kb_index.records import Article, Asked, Candidate, Scope
from kb_index.search import KnowledgeIndex
from kb_index.settings import IndexSettings
from models.hashing_encoder import HashingEncoder

ENCODER = HashingEncoder()
ARTICLES = [
    Article("export", "怎么把甘特图导出成图片", "点导出，选图片。", ("甘特图存成 PNG",), revision=1),
    Article("export.en", "How to export the Gantt chart as a picture", "Click Export.", locale="en", revision=1),
    Article("login", "登录时提示密码错误怎么办", "先重置密码。", ("密码不对登不进去",), revision=1),
    Article("502", "页面报错 502 是什么原因", "网关暂时不可用，稍后重试。", revision=1),
    Article("th", "设备 TH01-A 怎么接入", "在接口与集成里添加。", revision=1),
    Article("draft", "怎么把甘特图导出成视频", "还没有这个功能。", status="draft", revision=1),
]


def find(index: KnowledgeIndex, question: str, scope: Scope | None = None, limit: int = 10) -> list[Candidate]:
    return index.find(question, ENCODER.encode_questions([question])[0], scope, limit)


def ids(found: list[Candidate]) -> list[str]:
    return [candidate.article.id for candidate in found]


@pytest.fixture(scope="module")
def index() -> KnowledgeIndex:
    return KnowledgeIndex.build(ARTICLES, ENCODER)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("甘特图导出图片", "export"),
        ("甘特圖匯出成圖片", "export"),
        ("ＴＨ０１－Ａ", "th"),
        ("th01", "th"),
        ("502", "502"),
        ("密码错误", "login"),
        ("export gantt chart", "export.en"),
    ],
)
def test_the_right_article_comes_first(index: KnowledgeIndex, question: str, expected: str) -> None:
    assert ids(find(index, question))[0] == expected


def test_questions_of_one_moment_are_answered_as_if_each_were_alone() -> None:
    asked = [
        (question, scope, limit)
        for question in ("甘特图导出图片", "502", "", "export gantt chart", "甘特图导出图片", "th01 密码", "今天天气")
        for scope in (Scope(), Scope(locale="en"), Scope(site="别处", audience="谁"))
        for limit in (1, 10)
    ]
    vectors = ENCODER.encode_questions([question for question, _, _ in asked])
    together = KnowledgeIndex.build(ARTICLES, ENCODER).find_all(
        [Asked(question, vector, scope, limit) for (question, scope, limit), vector in zip(asked, vectors, strict=True)]
    )
    apart = KnowledgeIndex.build(ARTICLES, ENCODER)
    for (question, scope, limit), found in zip(asked, together, strict=True):
        alone = find(apart, question, scope, limit)
        assert ids(found) == ids(alone)
        assert [one.matched_text for one in found] == [one.matched_text for one in alone]
        for name in ("score", "lexical", "rank_score", "coverage", "near", "at_home"):
            own, other = ([getattr(one, name) for one in each] for each in (found, alone))
            assert own == pytest.approx(other, abs=1e-5)


def test_candidates_are_in_order_and_each_topic_is_there_once(index: KnowledgeIndex) -> None:
    found = find(index, "甘特图怎么导出")
    assert [candidate.rank_score for candidate in found] == sorted((c.rank_score for c in found), reverse=True)
    assert len(found) == 4, "drafts are not found, a translation is not another topic"
    assert len(find(index, "甘特图怎么导出", limit=2)) == 2


def test_the_translation_in_the_language_asked_for_is_given(index: KnowledgeIndex) -> None:
    assert ids(find(index, "甘特图怎么导出", Scope(locale="en")))[0] == "export.en"
    assert ids(find(index, "export the gantt chart as a picture", Scope(locale="zh-CN")))[0] == "export"
    assert ids(find(index, "甘特图怎么导出", Scope(locale="ja")))[0] == "export"


@pytest.mark.parametrize("exact_up_to", [50_000, 0])
def test_what_is_out_of_scope_is_not_found(exact_up_to: int) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    limited = {
        "site": {"site": "other"},
        "audience": {"audience": ("admin",)},
        "edition": {"editions": ("enterprise",)},
        "internal": {"visibility": "internal"},
        "past": {"valid_to": noon},
        "future": {"valid_from": datetime(2026, 11, 22, 12, 0, 1, tzinfo=UTC)},
    }
    articles = [Article("free", "怎么导出甘特图", "答一")]
    articles += [replace(articles[0], id=name, **fields) for name, fields in limited.items()]  # type: ignore[arg-type]
    index = KnowledgeIndex.build(articles, ENCODER, settings=IndexSettings(exact_up_to=exact_up_to))
    scope = Scope(site="main", audience="member", edition="free", at=noon)
    assert ids(find(index, "怎么导出甘特图", scope)) == ["free"]
    wide = Scope(site="other", audience="admin", edition="enterprise", at=noon, internal=True)
    assert set(ids(find(index, "怎么导出甘特图", wide))) == {"free", "site", "audience", "edition", "internal"}
    hidden = KnowledgeIndex.build([replace(articles[0], visibility="internal")], ENCODER)
    assert find(hidden, "怎么导出甘特图") == []


@pytest.mark.slow
def test_a_big_knowledge_base_finds_the_same_by_a_graph_as_exactly() -> None:
    random = np.random.default_rng(5)
    letters = list("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
    articles = [Article(f"a{n}", "".join(random.choice(letters, 9)), f"答{n}") for n in range(1_100)]
    exact = KnowledgeIndex.build(articles, ENCODER)
    graph = KnowledgeIndex.build(articles, ENCODER, settings=IndexSettings(exact_up_to=100))
    assert (exact.kind, graph.kind) == ("exact", "approximate")
    asked = [article.question[:7] for article in articles[::25]]
    assert np.mean([ids(find(exact, text))[0] == f"a{25 * n}" for n, text in enumerate(asked)]) > 0.9
    assert np.mean([ids(find(exact, text))[0] == ids(find(graph, text))[0] for text in asked]) > 0.95
    half = Scope(edition="none")
    some = [replace(a, editions=("x",)) if n % 2 else a for n, a in enumerate(articles)]
    filtered = find(KnowledgeIndex.build(some, ENCODER, settings=IndexSettings(exact_up_to=100)), asked[1], half)
    assert filtered
    assert all(not candidate.article.editions for candidate in filtered)


@pytest.mark.parametrize("question", ["", " ", "？？？", "\ud800", "a" * 5000, "😀", "\0"])
def test_any_text_can_be_asked(index: KnowledgeIndex, question: str) -> None:
    found = find(index, question)
    assert 0 <= index.calibration.probability(found) <= 1


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_small_knowledge_bases_work(count: int) -> None:
    index = KnowledgeIndex.build(ARTICLES[2 : 2 + count], ENCODER)
    found = find(index, "密码错误怎么办")
    assert len(found) == count
    assert (index.calibration.probability(found) > 0.5) == (count > 0)
    assert index.calibration.probability(find(index, "今天天气不错")) < 0.3


def test_loading_gives_what_was_saved(index: KnowledgeIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "7")
    loaded = KnowledgeIndex.load(tmp_path / "7", ARTICLES, ENCODER)
    for question in ("甘特图导出", "502"):
        assert find(loaded, question) == find(index, question)
    assert loaded.calibration == index.calibration
    assert [path.name for path in tmp_path.iterdir()] == ["7"]


@pytest.mark.parametrize(
    "name", ["texts.npy", "texts.faiss", "lexical.npz", "lexical.json", "head.npz", "manifest.json"]
)
def test_a_damaged_folder_is_not_believed(index: KnowledgeIndex, tmp_path: Path, name: str) -> None:
    index.save(tmp_path / "1")
    file = tmp_path / "1" / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    if name == "manifest.json":
        file.unlink()
    with pytest.raises(IndexDamaged):
        KnowledgeIndex.load(tmp_path / "1", ARTICLES, ENCODER)


def test_an_index_of_another_encoder_or_other_articles_is_refused(index: KnowledgeIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "1")
    with pytest.raises(IndexMismatch):
        KnowledgeIndex.load(tmp_path / "1", ARTICLES, HashingEncoder(64))
    with pytest.raises(IndexDamaged):
        KnowledgeIndex.load(tmp_path / "1", [replace(ARTICLES[0], revision=2), *ARTICLES[1:]], ENCODER)


def thirty_articles() -> list[Article]:
    topics = ["甘特图", "看板", "工时", "通知", "审批", "附件", "权限", "发票", "密码", "日历"]
    return [
        Article(
            f"{name}-{deed}",
            f"怎么{deed}{name}",
            f"打开{name}页面，点{deed}。",
            (f"{name}{deed}不了", f"如何{deed}{name}"),
        )
        for name in topics
        for deed in ("导出", "删除", "分享")
    ]


def test_ranking_is_fitted_where_there_are_variants() -> None:
    index = KnowledgeIndex.build(thirty_articles(), ENCODER)
    assert index.parts.ranking.fitted_on == 90
    assert index.calibration.fitted_on == 90
    sure, unsure = find(index, "怎么删除看板呢"), find(index, "看板")
    assert sure[0].article.id == "看板-删除"
    assert index.calibration.probability(sure) > index.calibration.probability(unsure)


def test_with_layers_that_have_seen_the_texts_the_same_is_found_and_less_is_sure() -> None:
    class Tuned(HashingEncoder):
        base = ENCODER

        def __init__(self) -> None:
            super().__init__()
            self.fingerprint = "tuned"

    plain, tuned = (KnowledgeIndex.build(thirty_articles(), encoder) for encoder in (ENCODER, Tuned()))
    for question in ("怎么删除看板呢", "工时分享"):
        before, after = find(plain, question), find(tuned, question)
        assert ids(after) == ids(before)
        assert tuned.calibration.probability(after) < plain.calibration.probability(before)


@pytest.mark.parametrize("count", [9, 10, 12, 14, 17, 25])
def test_a_knowledge_base_of_any_small_size_is_sure_of_its_own_questions(count: int) -> None:
    deeds, things = ("导出", "删除", "分享", "打印", "复制"), ("甘特图", "看板", "工时表", "审批单", "发票")
    articles = [
        Article(
            f"{deed}-{thing}",
            f"怎么{deed}{thing}",
            f"打开{thing}，点{deed}。",
            (f"{thing}要{deed}", f"如何把{thing}{deed}"),
        )
        for deed in deeds
        for thing in things
    ][:count]
    index = KnowledgeIndex.build(articles, ENCODER)
    sure = [index.calibration.probability(find(index, text)) for a in articles for text in (a.question, *a.variants)]
    assert min(sure) > 0.3
