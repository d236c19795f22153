"""Whole conversations with the bot on real parts: follow-ups, lists, corrections, repeats, changes of topic, wishes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.context import Context, after
from bot.records import Answer, Clarification, Decision, Handoff, Option, SmallTalk, Turn

pytestmark = pytest.mark.slow

SCRIPTS = Path(__file__).with_name("conversations.txt")
_KINDS: dict[type[Decision], str] = {Answer: "answer", Clarification: "ask", Handoff: "human", SmallTalk: "talk"}

#: Of all turns and of all conversations, so many at least; what the encoder makes of a wording changes with it.
TURNS_RIGHT, CONVERSATIONS_RIGHT = 0.95, 0.90


@dataclass(frozen=True)
class Step:
    """What a customer says, or the articles offered to them, and what should come of it."""

    said: str
    expected: str
    offered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Script:
    name: str
    steps: tuple[Step, ...]


def scripts() -> Iterator[Script]:
    for block in SCRIPTS.read_text("utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        if len(lines) < 2 or not any(line.startswith(">") for line in lines):
            continue
        steps: list[Step] = []
        rest = iter(lines[1:])
        for line in rest:
            if line.startswith("!"):
                steps.append(Step("", "", tuple(line[1:].split())))
            else:
                steps.append(Step(line[1:].strip(), next(rest)))
        yield Script(lines[0].removeprefix("#").strip(), tuple(steps))


def is_as_expected(decision: Decision, expected: str) -> bool:
    kind, (verb, *rest) = _KINDS[type(decision)], expected.split()
    wanted = set(rest[0].split("|"))
    given = {source.article_id for source in decision.sources} if isinstance(decision, Answer) else set()
    options = {option.id for option in getattr(decision, "options", ())}
    match verb:
        case "any":
            return kind in wanted
        case "offer":
            return bool(options & wanted)
        case "right":
            return bool((given | options) & wanted) or (wanted == {"*"} and kind != "human")
        case "not":
            return not given & wanted
        case "answer":
            return kind == "answer" and (wanted == {"*"} or bool(given & wanted))
        case "ask":
            return kind == "ask" and decision.reason in wanted and decision.is_miss == ("miss" in rest)
        case _:
            return kind == verb and decision.reason in wanted


async def play(answerer: Answerer, script: Script) -> list[tuple[Step, Decision]]:
    """The decisions of one conversation, with the memory that the server keeps."""
    context, misses, turns = Context(), 0, []
    index = answerer.index
    assert index is not None
    for step in script.steps:
        if step.offered:
            articles = [index.article(article_id) for article_id in step.offered]
            context = Context(offered=tuple(Option(a.id, a.question) for a in articles if a is not None))
            assert len(context.offered) == len(step.offered), f"{script.name}: there is no such article"
            continue
        said = "" if step.said == "·" else step.said
        turn = Turn(
            fragments=tuple(part.strip() for part in said.split(" / ")),
            misses=misses,
            offered=context.offered,
            last_article_ids=context.last_article_ids,
            refused_article_ids=context.refused_article_ids,
            previous_question=context.previous_question,
            asked_back=context.asked_back,
            attachments=0 if said else 1,
        )
        decision = await answerer.answer(turn)
        context = after(context, turn, decision)
        if decision.is_miss:
            misses += 1
        elif isinstance(decision, SmallTalk) and decision.settles:
            misses = 0
        turns.append((step, decision))
    return turns


def told(name: str, turns: Sequence[tuple[Step, Decision]]) -> str:
    """A conversation that went another way, for whoever reads the failure."""
    lines = [f"# {name}"]
    for step, decision in turns:
        mark = " " if is_as_expected(decision, step.expected) else "!"
        options = [option.id for option in getattr(decision, "options", ())]
        given = [source.article_id for source in decision.sources] if isinstance(decision, Answer) else decision.reason
        lines.append(f"{mark} {step.said} | {step.expected} | {_KINDS[type(decision)]} {given} {options or ''}")
    return "\n".join(lines)


async def test_conversations_go_as_a_person_would_lead_them(answerer: Answerer) -> None:
    turns = right = wholly = 0
    astray = []
    played = list(scripts())
    for script in played:
        decided = await play(answerer, script)
        good = sum(is_as_expected(decision, step.expected) for step, decision in decided)
        turns, right = turns + len(decided), right + good
        wholly += good == len(decided)
        if good < len(decided):
            astray.append(told(script.name, decided))
    report = f"{right} of {turns} turns, {wholly} of {len(played)} conversations\n" + "\n".join(astray)
    assert len(played) >= 60
    assert right >= TURNS_RIGHT * turns, report
    assert wholly >= CONVERSATIONS_RIGHT * len(played), report


@pytest.mark.parametrize("script", [each for each in scripts() if each.steps[0].offered], ids=lambda each: each.name)
async def test_what_is_said_about_a_list_is_understood(answerer: Answerer, script: Script) -> None:
    decided = await play(answerer, script)
    assert all(is_as_expected(decision, step.expected) for step, decision in decided), told(script.name, decided)


async def test_no_answer_is_given_twice_in_a_row(answerer: Answerer) -> None:
    for script in scripts():
        before: str | None = None
        for step, decision in await play(answerer, script):
            if isinstance(decision, Answer):
                given = decision.sources[0].article_id
                assert given != before or decision.reason == "chosen", f"{script.name}: {step.said}"
                before = given
