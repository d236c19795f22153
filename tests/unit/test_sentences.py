"""The desk's own sentences: said from one table, each in two languages; one that is written elsewhere is found."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import router
from router.sentences import BETWEEN, PLACES, SENTENCES, say

ROUTER = Path(router.__file__).parent
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PLACE = re.compile(r"\{(\w+)\}")
#: Who writes what colleagues read: none of their words may be Chinese in place.
_WRITERS = frozenset({"NewNote", "Alert", "NewTask", "note_statement", "RowReport"})
#: Modules that hold Chinese for another reason: they read it, or say it to customers, or hold every language.
_READ = re.compile(
    r"sentences|openapi|settings_sources|conversations/tongue|retention/blocks|workers/nursery|(?:\w+/)*settings|promises/(?:when|wording|times|chinese_times|reading\w*)|waiting_room/(?:topics|asking)|cards/\w+|"
    r"personal/copying|"
    r"clocks/replies|conversations/(?:records|owing)|exports/\w+|help/(?:wanted_words|private_numbers|variables|asking|"
    r"sheets|filling|reuse|summary|wrapping_up|briefing)|notifications/(?:pages|words)|agents/first_start|tickets/own|"
    r"knowledge/(?:files_http|said|imports|exporting)|transcripts/\w+|waiting/(?:head_start|hours_words)|"
    r"analytics/\w+|learning/\w+|search/\w+|callbacks/\w+|calendar/\w+|sockets/\w+|payloads/\w+|continuing/\w+|tuning/\w+"
)


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROUTER.rglob("*.py")):
        yield path.relative_to(ROUTER).with_suffix("").as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _chinese(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Texts with Chinese letters that are no docstrings, with their lines."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield from [(node.value, node.lineno)] if _HAN.search(node.value) else ()


def test_no_sentence_for_colleagues_is_written_outside_the_table() -> None:
    elsewhere = []
    for name, tree in _modules():
        if not _READ.fullmatch(name):
            elsewhere += [f"{name}:{line} {text}" for text, line in _chinese(tree)]
        for call in ast.walk(tree):
            called = getattr(call, "func", None)
            if getattr(called, "id", getattr(called, "attr", None)) in _WRITERS:
                elsewhere += [f"{name}:{line} {text}" for text, line in _chinese(call)]
    assert elsewhere == [], "say it with router.sentences, so that an English page has it in English"


def test_every_sentence_is_in_two_languages_with_the_same_places() -> None:
    for code, (chinese, english) in SENTENCES.items():
        assert sorted(_PLACE.findall(chinese)) == sorted(_PLACE.findall(english)), code
        assert not _HAN.search(english), code
        assert english.strip(), code
    assert set(BETWEEN) <= set(PLACES.values())


def test_what_is_said_is_in_the_table_and_what_is_in_the_table_is_said() -> None:
    modules = [*ROUTER.rglob("*.py"), *ROUTER.with_name("scripts").rglob("*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in modules if path.stem != "sentences")
    named = {code for code in SENTENCES if f'"{code}"' in source}
    built = {"note.level", "rating.", "kind.", "endpoint.", "trouble."}
    assert {code for code in SENTENCES if code not in named and not code.startswith(tuple(built))} == set()
    said = set(re.findall(r'\bsay\("(\w+\.\w+)"', source))
    assert {code for code in said if code.split(".")[0] in {each.split(".")[0] for each in SENTENCES}} <= set(SENTENCES)
    assert say("note.pushed", seconds=300) == "主管把会话提前了 300 秒。"
