"""What must hold whatever breaks: each law a pure judgement over the evidence of a run, with what it found."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.acceptance.leaks import leaks_in
from tests.chaos.evidence import Entry, Evidence, Move, Outage, Sitting

#: Only the holder of the lease makes these moves.
_UNDER_THE_LEASE = frozenset({"assigned", "agent_lost", "agent_silent", "overflow"})
#: What reached a page just before its welcome came with the welcome.
_SLACK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """``checked`` things were looked at; every violation is one line."""

    law: str
    checked: int
    violations: tuple[str, ...]


def judge(evidence: Evidence) -> list[Finding]:
    """Every law over all of it."""
    return [_find(name, law(evidence)) for name, law in LAWS.items()]


#: Yields an empty text for each thing that is as it must be, else what is wrong with it.
Judgements = Iterator[str]


def _find(name: str, judgements: Iterable[str]) -> Finding:
    found = list(judgements)
    return Finding(name, len(found), tuple(each for each in found if each))


def _by_conversation(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    logs: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda each: each.seq):
        logs[entry.conversation_id].append(entry)
    return logs


def nothing_lost(evidence: Evidence) -> Judgements:
    """What was acknowledged stands in the log, under that number, id and text."""
    log = {(entry.conversation_id, entry.seq): entry for entry in evidence.entries}
    for words in evidence.words:
        for ack in words.acknowledgements:
            entry = log.get((ack["conversation_id"], ack["seq"]))
            body: Mapping[str, Any] = {} if entry is None else entry.body
            found = (body.get("id"), body.get("client_id"), body.get("text"))
            right = found == (ack["id"], words.client_id, words.text)
            yield "" if right else f"{ack['conversation_id']} {ack['seq']}: acknowledged {words.text!r}, found {found}"


def nothing_doubled(evidence: Evidence) -> Judgements:
    """What was said stands once, and nothing stands that nobody said."""
    said = {words.client_id: words for words in evidence.words}
    stored = Counter(_client_ids(evidence.entries))
    for client_id, words in said.items():
        times = stored[client_id]
        yield "" if times <= 1 else f"{words.text!r} by {words.speaker} stands {times} times"
    for entry in evidence.entries:
        sent_as = entry.body.get("client_id")
        if entry.kind == "message" and entry.actor_kind in ("customer", "agent"):
            yield "" if sent_as in said else f"{entry.conversation_id} {entry.seq}: nobody said this"


def _client_ids(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.body.get("client_id"):
            yield str(entry.body["client_id"])


def one_answer_to_one_id(evidence: Evidence) -> Judgements:
    """The same client id is answered the same way, at whichever node."""
    for words in evidence.words:
        first = words.acknowledgements[0] if words.acknowledgements else None
        for other in words.acknowledgements[1:]:
            yield "" if other == first else f"{words.text!r}: {first} and {other}"


def in_order(evidence: Evidence) -> Judgements:
    """Of one speaker: said later stands later, and nobody returns to a conversation that they have left."""
    speakers: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for words in evidence.words:
        if words.acknowledgements and words.speaker.startswith("customer"):
            ack = words.acknowledgements[0]
            speakers[words.speaker].append((ack["conversation_id"], ack["seq"]))
    for speaker, places in speakers.items():
        left: set[str] = set()
        for earlier, later in itertools.pairwise(places):
            if earlier[0] == later[0]:
                yield "" if later[1] > earlier[1] else f"{speaker}: {later} was said after {earlier}"
            else:
                left.add(earlier[0])
                yield "" if later[0] not in left else f"{speaker}: back in {later[0]}"


def no_gaps(evidence: Evidence) -> Judgements:
    """The numbers of a log begin at 1 and have no gap; the row knows the last one."""
    logs = _by_conversation(evidence.entries)
    for row in evidence.rows:
        seqs = [entry.seq for entry in logs.get(row.id, [])]
        right = seqs == list(range(1, row.last_seq + 1))
        yield "" if right else f"{row.id}: {len(seqs)} events up to {max(seqs, default=0)}, last_seq {row.last_seq}"


def every_question_answered(evidence: Evidence) -> Judgements:
    """Asked of the bot: answered by it once, unless it was handed on first. Asked of a human: answered once.

    A conversation that did not end yet may owe its humans' answers, never the bot's.
    """
    states = {row.id: row.state for row in evidence.rows}
    for conversation_id, log in _by_conversation(evidence.entries).items():
        by_bot = Counter(each.reply_to_seq for each in log if each.actor_kind == "bot")
        by_agents = Counter(each.reply_to_seq for each in log if each.actor_kind == "agent")
        state = "bot"
        for number, entry in enumerate(log):
            if entry.kind == "state":
                state = str(entry.body["state"])
            elif entry.kind == "message" and entry.actor_kind == "customer":
                answers = (by_bot[entry.seq], by_agents[entry.seq])
                handed_on = any(later.body.get("state") in ("waiting", "human") for later in log[number:])
                if state == "bot":
                    right = answers[0] == 1 or (answers[0] == 0 and handed_on)
                else:
                    owed = states.get(conversation_id) in ("waiting", "human")
                    right = answers[0] <= 1 and (answers[1] == 1 or (owed and answers[1] == 0))
                told = f"{conversation_id} {entry.seq}: asked in {state}, answers by bot and agents {answers}"
                yield "" if right else told
        order = [each.reply_to_seq for each in log if each.actor_kind == "bot" and each.reply_to_seq]
        yield "" if order == sorted(order) else f"{conversation_id}: the bot answered in the order {order}"


def one_owner_at_a_time(evidence: Evidence) -> Judgements:
    """By the log: handed over only out of the line, spoken to only by the owner; by the rows: no version twice
    and none left out but by moves of one commit, which the row makes in one step.
    """
    together: Counter[str] = Counter()
    for conversation_id, log in _by_conversation(evidence.entries).items():
        state, owner = "bot", None
        moments = [entry.at for entry in log if entry.kind == "state"]
        together[conversation_id] = len(moments) - len(set(moments))
        for entry in log:
            where = f"{conversation_id} {entry.seq}"
            if entry.kind == "state":
                to, agent = str(entry.body["state"]), (entry.body.get("agent") or {}).get("id")
                if to == "human":
                    yield "" if state == "waiting" else f"{where}: {agent} got it out of {state} (owner {owner})"
                yield "" if state != "closed" else f"{where}: {to} after the end"
                state, owner = to, agent
            elif entry.kind == "message" and entry.actor_kind == "agent":
                right = state == "human" and entry.actor_id == owner
                yield "" if right else f"{where}: {entry.actor_id} spoke in {state}, owner {owner}"
    versions: defaultdict[str, list[int]] = defaultdict(list)
    for move in evidence.moves:
        versions[move.conversation_id].append(move.version)
    for row in evidence.rows:
        found, every = versions[row.id], range(2, row.version + 1)
        right = found == sorted(set(found) & set(every)) and len(every) - len(found) == together[row.id]
        right = right and (not every or found[-1:] == [row.version])
        yield "" if right else f"{row.id}: moves to the versions {versions[row.id]}, the row has {row.version}"


def accepted_is_owned(evidence: Evidence) -> Judgements:
    """Whom the server told that they took a conversation, took it."""
    owners = {(move.conversation_id, move.version): move.owner for move in evidence.moves}
    for taken in evidence.taken:
        owner = owners.get((taken.conversation_id, taken.version))
        right = owner == taken.agent_id
        yield "" if right else f"{taken.conversation_id} v{taken.version}: {taken.agent_id} was told, {owner} has it"


def capacity_kept(evidence: Evidence) -> Judgements:
    """At no moment of the database's own order did anybody have more than they take."""
    loads: Counter[str] = Counter()
    for move in sorted(evidence.moves, key=lambda each: each.number):
        if move.before == "human" and move.owner_before is not None:
            loads[move.owner_before] -= 1
        if move.state == "human" and move.owner is not None:
            loads[move.owner] += 1
            most = evidence.capacities.get(move.owner)
            right = most is None or loads[move.owner] <= most
            yield "" if right else f"{move.owner} has {loads[move.owner]} of {most} after {move.conversation_id}"


def only_the_dispatcher_dispatches(evidence: Evidence) -> Judgements:
    """What only the dispatcher may do was done by the node that held the lease in that very transaction."""
    holders = {grant.epoch: grant.node for grant in evidence.grants}
    for move in evidence.moves:
        if move.reason in _UNDER_THE_LEASE:
            holder = holders.get(move.epoch or 0)
            yield "" if holder == move.node else f"{_told(move)}: by {move.node}, the lease was with {holder}"


def _told(move: Move) -> str:
    return f"{move.conversation_id} {move.before} → {move.state} ({move.reason})"


def the_line_holds(evidence: Evidence) -> Judgements:
    """Who waits where nobody serves still waits, at the same rank, and every node tells the same order."""
    rows = {row.id: row for row in evidence.rows}
    for conversation_id, rank in evidence.waiting:
        row = rows.get(conversation_id)
        right = row is not None and row.state == "waiting" and row.rank_at == rank
        yield "" if right else f"{conversation_id}: waited at {rank}, now {row}"
    expected = [conversation_id for conversation_id, _ in sorted(evidence.waiting, key=lambda each: each[1])]
    for node, line in evidence.lines.items():
        yield "" if list(line) == expected else f"the line as told by {node}: {line}, expected {expected}"


def places_never_rise(evidence: Evidence) -> Judgements:
    """On one page the place shown in a line that nobody serves only falls."""
    still = {conversation_id for conversation_id, _ in evidence.waiting}
    for sitting in evidence.sittings:
        shown: dict[str, int] = {}
        for heard in sitting.heard:
            if heard.event == "queue" and heard.payload.get("position") is not None:
                conversation_id, position = heard.payload["conversation_id"], heard.payload["position"]
                if conversation_id in still:
                    before = shown.get(conversation_id, position)
                    yield "" if position <= before else f"{conversation_id}: place {position} after {before}"
                    shown[conversation_id] = position


def what_was_told_is_true(evidence: Evidence) -> Judgements:
    """Every live event is the log's, word for word, and nothing for colleagues only reached a customer."""
    log = {(entry.conversation_id, entry.seq): entry for entry in evidence.entries}
    for sitting in evidence.sittings:
        for heard in sitting.heard:
            if heard.event != "event":
                continue
            told = heard.payload
            entry = log.get((told["conversation_id"], told["seq"]))
            right = (
                entry is not None
                and (told["kind"], told["actor"]["kind"]) == (entry.kind, entry.actor_kind)
                and (told.get("text"), told.get("id")) == (entry.body.get("text"), entry.body.get("id"))
            )
            yield "" if right else f"{sitting.kind} was told {_short(told)}, the log has {entry and _short(entry.body)}"
        if sitting.kind == "customer":
            leaks = leaks_in([[each.payload for each in sitting.heard], list(sitting.acknowledged)])
            yield "" if not leaks else f"a customer saw {leaks[:3]}"


def told_in_time(evidence: Evidence) -> Judgements:
    """Every page that stayed open heard live what concerns it; an outage of its node extends the time by itself.

    A later event tells as well that there is something: whoever sees a gap asks for what is missing.
    """
    if evidence.told_within is None:
        return
    of_customer: defaultdict[str, list[Entry]] = defaultdict(list)
    customers = {row.id: row.customer_id for row in evidence.rows}
    for entry in evidence.entries:
        of_customer[customers[entry.conversation_id]].append(entry)
    gained: defaultdict[str, list[Move]] = defaultdict(list)
    for move in evidence.moves:
        if move.state == "human" and move.owner is not None:
            gained[move.owner].append(move)
    for sitting in evidence.sittings:
        if sitting.kind == "customer":
            heard = _first_heard(sitting)
            for entry in of_customer[sitting.person_id]:
                later = [at for seq, at in heard.get(entry.conversation_id, {}).items() if seq >= entry.seq]
                at = min(later, default=None)
                yield from _late(f"{entry.conversation_id} {entry.seq}", sitting, entry.at, at, evidence)
        else:
            for move in gained[sitting.person_id]:
                if move.reason == "accepted" or _ends_soon(move, evidence):
                    continue
                yield from _late(_told(move), sitting, move.at, _first_assigned(sitting, move), evidence)


def _first_assigned(sitting: Sitting, move: Move) -> float | None:
    """When the page heard of it first: after an outage of the database it may be told again."""
    told = (
        each.at
        for each in sitting.heard
        if each.event == "assigned" and each.payload["conversation_id"] == move.conversation_id
    )
    return min((at for at in told if at > move.at - _SLACK_SECONDS), default=None)


def _first_heard(sitting: Sitting) -> dict[str, dict[int, float]]:
    """When each event came first, by conversation and number."""
    found: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for heard in sitting.heard:
        if heard.event == "event":
            found[heard.payload["conversation_id"]].setdefault(heard.payload["seq"], heard.at)
    return found


def _ends_soon(move: Move, evidence: Evidence) -> bool:
    """Whether it was somebody else's, or nobody's, before there was time to tell."""
    later = [each for each in evidence.moves if each.conversation_id == move.conversation_id]
    following = [each for each in later if each.version == move.version + 1]
    return bool(following) and following[0].at < move.at + (evidence.told_within or 0)


def _late(what: str, sitting: Sitting, happened_at: float, heard_at: float | None, evidence: Evidence) -> Judgements:
    assert evidence.told_within is not None
    if happened_at < sitting.opened_at + _SLACK_SECONDS:
        return
    deadline = _deadline(happened_at, evidence.told_within, sitting.node, evidence.outages)
    if min(sitting.lost_at or evidence.ended_at, evidence.ended_at) < deadline and heard_at is None:
        return
    if heard_at is None:
        yield f"{what}: a page of a {sitting.kind} at {sitting.node} was never told ({_story(sitting, happened_at)})"
    else:
        late = heard_at - deadline
        yield "" if late <= 0 else f"{what}: told {heard_at - happened_at:.1f} s later at {sitting.node}"


def _story(sitting: Sitting, happened_at: float) -> str:
    """How old the page was then, how long it lived, and what it heard before and after."""
    before = [heard.at for heard in sitting.heard if heard.at <= happened_at]
    lost = "never lost" if sitting.lost_at is None else f"lost {sitting.lost_at - happened_at:.1f} s later"
    last = f", the last one {happened_at - before[-1]:.1f} s before" if before else ""
    after = [heard for heard in sitting.heard if heard.at > happened_at]
    first = f", the first one {after[0].event} {after[0].at - happened_at:.1f} s later" if after else ""
    return (
        f"open for {happened_at - sitting.opened_at:.1f} s, {lost}; heard {len(before)} things{last}, "
        f"{len(after)} afterwards{first}"
    )


def _deadline(happened_at: float, within: float, node: str, outages: Sequence[Outage]) -> float:
    """Time runs while the node can do something about it."""
    deadline, concerned = happened_at + within, [each for each in outages if each.node in ("", node)]
    for outage in sorted(concerned, key=lambda each: each.began_at):
        if outage.began_at <= deadline and outage.ended_at >= happened_at:
            deadline = max(deadline, outage.ended_at + within)
    return deadline


def sent_under_one_id(evidence: Evidence) -> Judgements:
    """The outbox: one notice for each happening, always the same body under the same id, nothing from nowhere."""
    notices = {f"msg_{notice.id.replace('-', '')}": notice for notice in evidence.notices}
    keys = Counter(notice.key for notice in evidence.notices)
    ends = {entry.conversation_id: entry.seq for entry in evidence.entries if entry.body.get("state") == "closed"}
    for conversation_id, seq in ends.items():
        times = keys[f"conversation.closed:{conversation_id}:{seq}"]
        yield "" if times == 1 else f"{conversation_id}: {times} notices of its end"
    bodies: defaultdict[str, set[bytes]] = defaultdict(set)
    ids: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for parcel in evidence.parcels:
        bodies[parcel.webhook_id].add(parcel.body)
        told = json.loads(parcel.body)
        ids[told["type"], f"{told['data']['conversation_id']}:{told['data'].get('seq')}"].add(parcel.webhook_id)
    for webhook_id, different in bodies.items():
        right = len(different) == 1 and webhook_id in notices
        yield "" if right else f"{webhook_id}: {len(different)} bodies, known {webhook_id in notices}"
    for happening, under in ids.items():
        yield "" if len(under) == 1 else f"{happening}: sent under {under}"
    for webhook_id, notice in notices.items():
        lost = notice.sent and webhook_id not in bodies
        yield "" if not lost else f"{notice.key}: recorded as sent, never received"


def nobody_refused(evidence: Evidence) -> Judgements:
    """Whoever had a right to something got it in the end."""
    yield from evidence.refusals


def _short(told: Any) -> str:
    text = json.dumps(told, ensure_ascii=False, default=str)
    return text if len(text) < 200 else text[:200] + "…"


LAWS: Mapping[str, Callable[[Evidence], Judgements]] = {
    "acknowledged is kept": nothing_lost,
    "nothing stands twice": nothing_doubled,
    "one id, one answer": one_answer_to_one_id,
    "order of speaking": in_order,
    "no gap in a log": no_gaps,
    "questions answered once": every_question_answered,
    "one owner at a time": one_owner_at_a_time,
    "accepted is owned": accepted_is_owned,
    "capacity": capacity_kept,
    "one dispatcher": only_the_dispatcher_dispatches,
    "the line holds": the_line_holds,
    "places never rise": places_never_rise,
    "told is true": what_was_told_is_true,
    "told in time": told_in_time,
    "outbox once": sent_under_one_id,
    "nobody refused": nobody_refused,
}
