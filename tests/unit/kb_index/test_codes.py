"""Codes: the one that is asked for wins over its neighbours, an unknown one is never answered with another, and
quantities are none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb_index.codes import codes_of
from kb_index.records import Article, Candidate, Lesson
from kb_index.search import KnowledgeIndex
from models.hashing_encoder import HashingEncoder

ENCODER = HashingEncoder()
ARTICLES = [
    Article("409", "手机端提示“ERR_SYNC_409”同步冲突", "选择保留哪一份。", ("同步失败 409",)),
    Article("413", "手机上蹦出 ERR_SYNC_413 怎么办", "文件太大，请压缩。", ("手机上 App 报错 ERR_SYNC_413",)),
    Article("th01a", "私有部署提示“TH01-A 许可证错误”", "换过服务器，请重新申请。"),
    Article("th01b", "许可证过期", "请续费。", tags=("TH01-B",)),
    Article("502", "页面显示 502 怎么办", "网关连不上，和 500、504 不同。", ("报错 502",)),
    Article("limit", "接口调用有频率限制吗", "超过会返回 429，请慢一点。"),
    Article("seats", "500 人够用吗", "企业版没有上限。", ("2026 年能有多少人",)),
    Article("export", "怎么导出报表", "点导出。", ("报表导出成 Excel",)),
]


@pytest.fixture(scope="module")
def index() -> KnowledgeIndex:
    return KnowledgeIndex.build(ARTICLES, ENCODER)


def find(index: KnowledgeIndex, question: str) -> list[Candidate]:
    return index.find(question, ENCODER.encode_questions([question])[0])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("手机上蹦出ERR_SYNC_409", {"errsync409"}),
        ("err-sync.409 和ＴＨ０１－Ａ", {"errsync409", "th01a"}),
        ("又502了！！", {"502"}),
        ("权限403，404页面不存在，最近504", {"403", "404", "504"}),
        ("HTTP502 Error 401", {"502", "401"}),
        ("a 502 error, 403 Forbidden", {"502", "403"}),
        ("500人 5000 行 30天 2026年 2026 300 多个 超过500 ¥800 2026-11-23 203.0.113.0/24", set()),
        ("300 users, 2,000 rows, 200MB, 30-day, over 500, port 443", set()),
        ("A3 纸 v2 接口 MP4 me123@qq.com 13800138000", set()),
        ("", set()),
    ],
)
def test_codes_are_told_from_quantities(text: str, codes: set[str]) -> None:
    assert codes_of(text) == codes


def test_in_an_answer_a_number_is_a_code_where_it_is_called_one() -> None:
    assert codes_of("填 100，超过会返回 429，提示“ERR_SYNC_409”", told=True) == {"429", "errsync409"}


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("手机上蹦出ERR_SYNC_409", "409"),
        ("手机上 App 报错 err sync 409 怎么办", "409"),
        ("手机上蹦出 errsync413", "413"),
        ("许可证错误 TH01-B", "th01b"),
        ("许可证过期 TH01A", "th01a"),
        ("页面显示 429 怎么办", "limit"),
        ("导出报表时 502", "502"),
    ],
)
def test_the_code_asked_for_wins(index: KnowledgeIndex, question: str, first: str) -> None:
    found = find(index, question)
    assert found[0].article.id == first
    assert not found[0].another_code


@pytest.mark.parametrize(
    "question",
    [
        "私有部署提示“TH02-D 许可证错误”",
        "私有部署提示 TH01D 许可证错误",
        "手机上 App 报错 ERR_SYNC_1413",
        "手机上蹦出 ERR_NET_500 怎么办",
        "页面显示 503 怎么办",
    ],
)
def test_an_unknown_code_is_offered_at_most(index: KnowledgeIndex, question: str) -> None:
    found = find(index, question)
    assert found[0].another_code
    assert 0 < index.calibration.probability(found) <= 0.3
    assert index.calibration.probability([replace(found[0], another_code=False), *found[1:]]) > 0.3


def test_a_code_that_use_has_taught_is_known() -> None:
    index = KnowledgeIndex.build(ARTICLES, ENCODER, lessons=[Lesson("页面显示 503 怎么办", "502", True)])
    assert not find(index, "页面显示 503 怎么办")[0].another_code


def test_only_codes_in_scope_count() -> None:
    hidden = [replace(article, visibility="internal") if article.id == "409" else article for article in ARTICLES]
    found = find(KnowledgeIndex.build(hidden, ENCODER), "手机上蹦出ERR_SYNC_409")
    assert found[0].article.id == "413"
    assert found[0].another_code
    assert "409" not in {candidate.article.id for candidate in found}


@pytest.mark.parametrize("question", ["500 人够用吗", "2026 年能有多少人", "报表导出 5000 行", "手机同步冲突"])
def test_without_a_code_nothing_changes(index: KnowledgeIndex, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find(KnowledgeIndex.build(ARTICLES, ENCODER), question)
    monkeypatch.setattr("kb_index.codes.Codes.asked", lambda *_: frozenset())
    assert find(KnowledgeIndex.build(ARTICLES, ENCODER), question) == found
    assert not any(candidate.another_code for candidate in found)
