"""The past of a desk, made up: customers, colleagues, conversations as they go, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from bench.growth.copying import Rows, array, moment
from bench.growth.sentences import Sentence, Sentences

#: How much is asked in each hour of a day in China, midnight first.
_HOURS = (1, 1, 1, 1, 1, 2, 4, 10, 40, 80, 95, 80, 45, 70, 90, 85, 80, 60, 25, 15, 12, 10, 6, 3)
_TIERS = ("free", "standard", "enterprise", "strategic")
_TOPICS = (
    "使用问题/任务",
    "使用问题/甘特图",
    "故障/访问慢或打不开",
    "账单/发票",
    "售前/价格",
    "使用问题/报表与导入导出",
)
_AT_ONCE = 4_000  # conversations
_SENDS_KEPT = timedelta(days=8)
_DIMENSIONS = 384


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of everything there is. ``messages`` counts what people and the bot said."""

    messages: int = 1_000_000
    months: int = 12
    agents: int = 24
    groups: int = 8
    handed_off: float = 0.4
    open_now: int = 200
    #: The fingerprint of an encoder: solved conversations get the vector of what was asked, as it is stored; where its
    #: sentence has none, one of chance.
    encoder: str | None = None
    vectors: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class _Talk:
    """A conversation while it is being made up."""

    id: str
    customer: str
    at: datetime
    seq: int
    messages: int
    words: set[str]
    last: Sentence | None = None
    last_kind: str = "customer"
    question: str = ""


class Past:
    """Makes conversations in the order of their beginning, the last ones still open."""

    def __init__(self, shape: Shape, until: datetime, seed: int = 7) -> None:
        self._shape = shape
        self._until = until
        self._chance = Random(seed)
        self._sentences = Sentences(self._chance)
        self._agents = [self._id(until) for _ in range(shape.agents)]
        self._groups = [self._id(until) for _ in range(shape.groups)]
        self._customers: list[str] = []
        self._hours = list(accumulate(_HOURS))
        self._number = 0
        self.messages = 0

    def people(self) -> Rows:
        """Colleagues and groups: agent n is in the groups n and n + 1, and the last group is a small one. The log has
        been learnt from up to now."""
        rows, since = Rows(), moment(self._until - timedelta(days=31 * self._shape.months))
        for number, group in enumerate(self._groups):
            rows.add("groups", group, f"成长组{number}", since)
        for number, agent in enumerate(self._agents):
            rows.add("accounts", agent, f"grown{number}", "", f"客服{number}", f"小{number}", "{agent}", 5, since)
            places = {number % (len(self._groups) - 1), (number + 1) % (len(self._groups) - 1)}
            for place in places if number else {len(self._groups) - 1}:
                rows.add("group_members", self._groups[place], agent)
        rows.add("learning_progress", moment(self._until))
        return rows

    def batches(self) -> Iterator[Rows]:
        """Rows of some thousand conversations at a time, until there are as many messages as wanted."""
        whole = self._shape.messages
        days = round(self._shape.months * 30.4)
        first = (self._until - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
        rows, held = Rows(), 0
        for day in range(days):
            aim = whole * (day + 1) / days
            begins = sorted(self._second_of_day() for _ in range(round((aim - self.messages) / 6) + 1))
            for second in begins:
                if self.messages >= aim:
                    break
                at = min(first + timedelta(days=day, seconds=second), self._until - timedelta(minutes=30))
                self._conversation(rows, at, is_open=whole - self.messages < self._shape.open_now * 12)
                held += 1
            if held >= _AT_ONCE:
                yield rows
                rows, held = Rows(), 0
        yield rows

    def _second_of_day(self) -> float:
        hour = self._chance.choices(range(24), cum_weights=self._hours)[0]
        return ((hour - 8) % 24) * 3600 + self._chance.random() * 3600  # hours are told in China, days begin in UTC

    def _conversation(self, rows: Rows, at: datetime, *, is_open: bool) -> None:
        chance = self._chance
        talk = _Talk(self._id(at), self._customer(rows, at, is_new=is_open), at, 0, 0, set())
        human = is_open or chance.random() < self._shape.handed_off
        for _ in range(1 + int(chance.expovariate(0.9))):
            question = self._sentences.asked()
            talk.question = question.text
            self._say(rows, talk, "customer", talk.customer, question)
            self._say(rows, talk, "bot", None, self._sentences.said())
        asked = talk.seq - 1
        group = owner = handed = replied = None
        if human:
            group, owner, handed = self._hand_off(rows, talk)
            self._say(rows, talk, "agent", owner, self._sentences.said())
            replied, reply_seq = talk.at, talk.seq
            for _ in range(2 + int(chance.expovariate(0.22))):
                kind = chance.choice(("customer", "customer", "agent"))
                sentence = self._sentences.asked() if kind == "customer" else self._sentences.said()
                self._say(rows, talk, kind, talk.customer if kind == "customer" else owner, sentence)
        closed = None
        if not is_open:
            self._event(rows, talk, "state", "system", None, None, '{"state":"closed","reason":"resolved"}')
            closed = talk.at
            if chance.random() < 0.25:
                self._event(rows, talk, "rating", "customer", talk.customer, None, '{"csat":5,"resolved":true}')
                rows.add("ratings", talk.id, talk.customer, owner, group, "main", chance.choice((5, 5, 4, 3, 1)),
                         "t", moment(talk.at), moment(talk.at))  # fmt: skip
        notes = 0
        if human and chance.random() < 0.3:
            notes = 1
            rows.add(
                "notes", talk.id, 1, talk.seq, "note", moment(talk.at), "agent", owner, "客服", "客户要求明天上午回电。"
            )
        topic = chance.choice(_TOPICS) if human else None
        moments = [None if each is None else moment(each) for each in (handed, handed, handed, handed, replied, closed)]
        rows.add(
            "conversations", talk.id, talk.customer, "main", "web", "closed" if closed else "human",
            "resolved" if closed else "assigned", owner, talk.seq, asked, asked, notes,
            talk.last.text if talk.last else "", talk.last_kind, moment(at), moment(talk.at), group,
            "asked" if human else None, topic, *moments, "t" if closed else None,
            f'{{"category":"{topic}"}}' if closed and topic else None, "L2" if human else "L1", "free",
        )  # fmt: skip
        scope = [f"group:{group}", f"owner:{owner}"] if group else ["everybody"]
        words = " ".join(talk.words)
        rows.add("searchable_conversations", talk.id, talk.seq, notes, moment(talk.at), words, array(scope))
        if handed and replied:
            self._aftermath(rows, talk, asked, reply_seq, group, owner, handed, replied, closed)
        elif closed:
            rows.add("l1_verdicts", talk.id, "t", "not_asked_again", 30.0, moment(closed))

    def _hand_off(self, rows: Rows, talk: _Talk) -> tuple[str, str, datetime]:
        """Every 500th goes to the small group, whose only member has hardly anything."""
        number = self._chance.randrange(500)
        if number == 0:
            group, owner = self._groups[-1], self._agents[0]
        else:
            place = self._chance.randrange(1, len(self._agents))
            group, owner = self._groups[place % (len(self._groups) - 1)], self._agents[place]
        self._event(rows, talk, "state", "customer", talk.customer, None, '{"state":"waiting","reason":"asked"}')
        handed = talk.at
        agent = f'{{"state":"human","reason":"assigned","agent":{{"id":"{owner}","name":"客服"}}}}'
        self._event(rows, talk, "state", "system", None, None, agent)
        return group, owner, handed

    def _aftermath(
        self, rows: Rows, talk: _Talk, asked: int, reply_seq: int, group: str | None, owner: str | None,
        handed: datetime, replied: datetime, closed: datetime | None,
    ) -> None:  # fmt: skip
        chance, spent = self._chance, (replied - handed).total_seconds()
        stints = array([f'"{moment(handed)}"', f'"{moment(replied)}"'])
        rows.add("clocks", "conversation", talk.id, "first_reply", "L2", group, moment(handed), stints, spent, 1800.0,
                 moment(replied), None)  # fmt: skip
        if closed is None:
            return
        rows.add("clocks", "conversation", talk.id, "resolution", "L2", group, moment(handed), stints, spent, 28800.0,
                 moment(closed), None)  # fmt: skip
        self._case(rows, talk, None, asked, reply_seq, closed)
        if chance.random() < 0.3:
            rows.add("learning_pairs", self._id(closed), "agent", talk.id, array([asked]), asked + 1, talk.seq,
                     reply_seq, f"article-{chance.randrange(300)}", "t", 0.8, "agent", moment(closed))  # fmt: skip
            rows.add("learning_tasks", self._id(closed), "unanswered", talk.id, array([asked]),
                     f"\\\\x{chance.getrandbits(64):016x}", asked + 1, "bot", moment(closed))  # fmt: skip
        if chance.random() < 0.03:
            rows.add("promises", self._id(closed), talk.id, reply_seq, 0, 4, owner, "kept", "f", moment(closed),
                     moment(replied), moment(closed))  # fmt: skip
        if chance.random() < 0.08:
            self._number += 1
            ticket, title = self._id(closed), talk.last.text if talk.last else ""
            rows.add("tickets", ticket, f"GD{closed:%Y%m%d}-{self._number:06}", talk.customer, talk.id, "closed", title,
                     title, group, moment(closed), moment(closed), moment(closed), moment(closed))  # fmt: skip
            rows.add("searchable_tickets", ticket, 1, moment(closed), " ".join(talk.last.words) if talk.last else "")
            self._case(rows, talk, ticket, asked, None, closed)

    def _case(
        self, rows: Rows, talk: _Talk, ticket: str | None, asked: int, reply_seq: int | None, closed: datetime
    ) -> None:
        if self._shape.encoder is not None:
            known = self._shape.vectors.get(talk.question)
            vector = "\\\\x" + (known.hex() if known else _halves(self._chance, _DIMENSIONS))
            rows.add("solved_cases", talk.id, ticket, array([asked]), reply_seq, self._shape.encoder, vector, "zh",
                     moment(closed))  # fmt: skip

    def _say(self, rows: Rows, talk: _Talk, kind: str, actor: str | None, sentence: Sentence) -> None:
        bits = self._chance.getrandbits(128)
        body = f'{{"id":"{bits:032x}","text":"{sentence.text}"}}'
        answers = None
        if kind == "bot":
            answers = talk.seq
            body = (
                f'{{"id":"{bits:032x}","text":"{sentence.text}","decision":"answer","confidence":0.87,"index_version":1,'
                f'"sources":[{{"article_id":"article-{bits % 300}","title":"{sentence.text}","confidence":0.87}}]}}'
            )
        self._event(rows, talk, "message", kind, actor, answers, body)
        self.messages += 1
        talk.messages += 1
        talk.words |= sentence.words
        talk.last, talk.last_kind = sentence, kind
        if kind != "bot" and self._until - talk.at < _SENDS_KEPT:
            rows.add("sends", actor, f"{bits:032x}", talk.id, '{"ok":true}', moment(talk.at))

    def _event(
        self, rows: Rows, talk: _Talk, kind: str, actor_kind: str, actor: str | None, answers: int | None, body: str
    ) -> None:
        talk.seq += 1
        talk.at += timedelta(seconds=self._chance.expovariate(1 / 40))
        rows.add("events", talk.id, talk.seq, kind, moment(talk.at), actor_kind, actor, None, answers, body)

    def _customer(self, rows: Rows, at: datetime, *, is_new: bool) -> str:
        """One in three comes for the first time; of the others the newest come most."""
        chance = self._chance
        if self._customers and not is_new and chance.random() > 0.35:
            return self._customers[-1 - min(int(chance.expovariate(1 / 9_000)), len(self._customers) - 1)]
        customer = self._id(at)
        if not is_new:
            self._customers.append(customer)
        tier = chance.choices(_TIERS, cum_weights=(70, 90, 98, 100))[0]
        rows.add("customers", customer, tier, "zh-CN", moment(at), moment(at))
        rows.add("visitors", f"\\\\x{chance.getrandbits(256):064x}", customer, moment(at), moment(at))
        return customer

    def _id(self, at: datetime) -> str:
        """A UUIDv7 of this moment, without its strokes."""
        chance = self._chance
        value = int(at.timestamp() * 1000) << 80 | 7 << 76 | chance.getrandbits(12) << 64
        return f"{value | 2 << 62 | chance.getrandbits(62):032x}"


def _halves(chance: Random, dimensions: int) -> str:
    """So many float16 between -1 and 1, in hexadecimal, little endian."""
    bits = chance.getrandbits(dimensions * 16)
    raw = bytearray(bits.to_bytes(dimensions * 2, "little"))
    for place in range(1, len(raw), 2):
        raw[place] &= 0xBB  # an exponent below 1: neither infinite nor no number
    return raw.hex()
