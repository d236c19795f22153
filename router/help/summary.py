"""What happened before a human came, in extracts from the log: nothing is invented, what is not there is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import dissatisfaction
from kb_index.codes import codes_of
from router.conversations.records import text_of
from router.help.asking import Asked, Said, first_question, newest_question
from router.payloads.log import Event
from router.sentences import all_of, say

_TRIED = re.compile(
    r"(?:已经|都|也)?(?:试过|试了|重启|重装|清(?:了|过|除)?缓存|换(?:了|过)?(?:个)?(?:浏览器|电脑|网络|账号)|刷新|"
    r"重新登录|升级)[^，。！？\n]{0,20}|"
    r"\b(?:i|we)(?:['’]ve| have)? (?:already )?(?:tried|restarted|reinstalled|cleared|refreshed|logged out)"
    r"[^.!?\n]{0,60}",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"(?:报错?|提示|显示|弹出?|错误|error|message|says?)[是为了个说信息:： ]{0,6}"
    r"[“\"「『']([^”\"」』'\n]{2,60})[”\"」』']|"
    r"((?:[A-Z]\w*)?(?:Error|Exception)\b[:：]?[^，。\n]{0,60})",
)
_CLAUSE = re.compile("[，,。；;！!\n]")
_LONGEST = 160  # characters of one extract
_MOST = 3  # of each kind


@dataclass(frozen=True, slots=True)
class Answered:
    """What the bot answered with; ``helped`` False where the customer said so, None where they said nothing."""

    title: str
    seq: int
    helped: bool | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Extracts with their kinds; empty where the log has none of a kind."""

    question: Asked | None
    later: Asked | None  # what they asked last, where it is another question
    newest: Asked | None  # what they asked last, by the log alone
    answered: tuple[Answered, ...]
    tried: tuple[str, ...]
    errors: tuple[str, ...]
    promised: tuple[str, ...]
    feeling: str | None  # angry or anxious
    is_urgent: bool

    @property
    def is_empty(self) -> bool:
        return self.question is None and not self.answered and not self.errors and not self.promised

    def text(self) -> str:
        """For people, in lines, marked as generated."""
        lines = [say("summary.question", text=self.question.text)] if self.question else []
        if self.later is not None:
            lines.append(say("summary.later", text=self.later.text))
        if self.answered:
            said = [say(_VERDICTS[each.helped], title=each.title) for each in self.answered]
            lines.append(say("summary.answered", answers=all_of("answers", said)))
        if self.tried:
            lines.append(say("summary.tried", text="；".join(self.tried)))
        if self.errors:
            lines.append(say("summary.errors", text="；".join(self.errors)))
        if self.promised:
            lines.append(say("summary.promised", text="；".join(self.promised)))
        moods = [say(_FEELINGS[self.feeling])] if self.feeling in _FEELINGS else []
        moods += [say("moods.urgent")] if self.is_urgent else []
        if moods:
            lines.append(say("summary.mood", moods=all_of("moods", moods)))
        return "\n".join([*lines, say("summary.mark")]) if lines else ""

    def line(self, longest: int = 120) -> str:
        """In one line, for an offer."""
        parts = [self.question.text] if self.question else []
        wrong = [each.title for each in self.answered if each.helped is False]
        if wrong:
            parts.append(say("summary.missed", title=wrong[-1]))
        parts += self.errors[:1]
        told = " · ".join(parts)
        return told if len(told) <= longest else f"{told[: longest - 1]}…"


_VERDICTS = {True: "answers.helped", False: "answers.missed", None: "answers.given"}
_FEELINGS = {"angry": "moods.angry", "anxious": "moods.anxious"}


def summarise(
    events: Sequence[Event],
    *,
    card: Mapping[str, Any] | None = None,
    signals: Mapping[str, Any] | None = None,
    promised: Sequence[str] = (),
) -> Summary:
    """``events`` are the log in order; ``card`` is the hand-over card, in which the customer's own words count most;
    ``promised`` what is open from before, as lines."""
    messages = [event for event in events if event.kind == "message" and event.redacted is not True]
    log = [Said(event.seq, event.actor.kind, text_of(event)) for event in messages]
    first, last = first_question(log), newest_question(log)
    told = (card or {}).get("question")
    if isinstance(told, str) and told.strip():
        first = Asked("；".join(told.split("\n"))[:_LONGEST].strip("； "), first.seqs if first else ())
    words = [said.text for said in log if said.actor == "customer"]
    tried = [_cut(match.group()) for text in words for match in _TRIED.finditer(text)]
    said_tried = (card or {}).get("tried")
    if isinstance(said_tried, str) and said_tried.strip():
        tried = [_cut(said_tried)]
    return Summary(
        question=first,
        newest=last,
        later=last if last is not None and first is not None and not set(last.seqs) & set(first.seqs) else None,
        answered=tuple(_answers(messages, events))[-_MOST:],
        tried=tuple(dict.fromkeys(tried))[:_MOST],
        errors=tuple(dict.fromkeys(_errors(words)))[:_MOST],
        promised=tuple(promised)[:_MOST],
        feeling=(signals or {}).get("emotion"),
        is_urgent=(signals or {}).get("urgency") == "high",
    )


def _answers(messages: Sequence[Event], events: Sequence[Event]) -> list[Answered]:
    """Each article once, with what the customer said of it by a thumb or in the next words."""
    rated = {
        event.target_seq: event.helpful for event in events if event.kind == "rating" and event.helpful in (True, False)
    }
    found: dict[str, Answered] = {}
    for place, event in enumerate(messages):
        if event.actor.kind != "bot" or event.decision != "answer" or not isinstance(event.sources, list):
            continue
        if not event.sources:
            continue
        helped = rated.get(event.seq)
        following = next((later for later in messages[place + 1 :] if later.actor.kind == "customer"), None)
        if helped is None and following is not None and _turns_down(text_of(following)):
            helped = False
        source = event.sources[0]
        found.pop(source.article_id, None)
        found[source.article_id] = Answered(source.title, event.seq, helped if isinstance(helped, bool) else None)
    return list(found.values())


def _turns_down(text: str) -> bool:
    """Whether the words, or the first ones (没用，按钮是灰的), say that the answer did not help."""
    return dissatisfaction.detect(text) or dissatisfaction.detect(_CLAUSE.split(text, maxsplit=1)[0])


def _errors(words: Sequence[str]) -> list[str]:
    """Messages in quotes after “报错”, names of exceptions, codes; a number (Chrome 129) only where called one."""
    found: list[str] = []
    for text in words:
        found += [_cut(match[1] or match[2]) for match in _ERROR.finditer(text)]
        found += sorted(
            code.upper() for code in codes_of(text, told=True) if not any(code in each.lower() for each in found)
        )
    return found


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
