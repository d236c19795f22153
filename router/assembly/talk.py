"""Conversations: the line, the dispatcher, the customer's side and the agent's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.waiting_words import WaitingWords
from database.ids import uuid7
from router.agents.unresponsive import Unresponsive
from router.assembly.answers import Answers
from router.assembly.ground import Ground
from router.assembly.people import Staff
from router.assembly.uploads import Files
from router.calendar.on_call import OnCall
from router.clocks.named_owner import NamedOwner
from router.conversations.about import About
from router.conversations.conversations import Conversations
from router.conversations.feedback import Feedback
from router.conversations.hand_off import HandOff
from router.conversations.handling import Handling
from router.conversations.idling import Idling
from router.conversations.journal import Journal
from router.conversations.listening import Listening
from router.conversations.mentioning import Mentioning
from router.conversations.passing_on import PassingOn
from router.conversations.questions import Questions
from router.conversations.reading import Reading
from router.conversations.supervising import Supervising
from router.retention.archive import Archive
from router.tickets.tickets import Tickets
from router.timetable import Job
from router.waiting.dispatcher import Dispatcher
from router.waiting.head_start import HeadStarts
from router.waiting.lease import Lease
from router.waiting.overflow import Overflow
from router.waiting.recovery import Recovery
from router.waiting.waiting_line import WaitingLine
from router.waiting_room.choosing import Choosing
from router.waiting_room.company import Company
from router.waiting_room.places import Places
from router.waiting_room.reaching import via_of
from router.waiting_room.topics import TopicQuestion


@dataclass(frozen=True, slots=True)
class Talk:
    journal: Journal
    lease: Lease
    line: WaitingLine
    places: Places
    dispatcher: Dispatcher
    recovery: Recovery
    overflow: Overflow
    hand_off: HandOff
    named_owner: NamedOwner
    questions: Questions
    listening: Listening
    company: Company
    conversations: Conversations
    feedback: Feedback
    handling: Handling
    passing_on: PassingOn
    supervising: Supervising
    idling: Idling
    reading: Reading
    archive: Archive

    async def leads(self) -> bool:
        """Whether this node looks after the line now."""
        return await self.lease.hold() is not None

    def jobs(self, dispatch_tick_seconds: float) -> list[Job]:
        return [
            Job("hand out the line", dispatch_tick_seconds, self.dispatcher.tick),
            Job("finish owed answers", 2, self.questions.sweep),
            Job("recover from lost agents", 5, self.recovery.from_lost_agents),
            Job("recover from silent agents", 5, self.recovery.from_silence),
            Job("let lines overflow", 5, self.overflow.tick),
            Job("end what is idle", 15, self.idling.tick),
        ]


def wire_talk(
    ground: Ground, answers: Answers, staff: Staff, journal: Journal, tickets: Tickets, files: Files, archive: Archive
) -> Talk:
    settings, database, clock = ground.settings, ground.database, ground.clock
    routing, idle = settings.routing, settings.idle
    answerer = answers.models.answerer
    wording = answerer.wording
    head_starts = HeadStarts(**dict(routing.head_start))
    line = WaitingLine(
        database,
        clock,
        ground.calendars,
        head_starts,
        assignment=routing.assignment,
        sign_of_life_seconds=routing.agent_away_seconds,
    )
    places = Places(database, clock, line.alive_since)
    lease = Lease(database, clock, "dispatcher", uuid7())
    unresponsive = Unresponsive(staff.presence, ground.alerts, clock)
    dispatcher = Dispatcher(
        database,
        journal,
        line,
        clock,
        lease,
        assignment=routing.assignment,
        offer_seconds=routing.offer_seconds,
        longest_waiter_every=routing.longest_waiter_every,
        last_agent_within=timedelta(seconds=routing.last_agent_seconds),
        missed=unresponsive.missed,
    )
    topics = TopicQuestion(wording, tuple(settings.topics))
    on_call = OnCall(ground.calendars, ground.outbox)
    named_owner = NamedOwner(database, tickets, ground.calendars, wording, clock, settings.levels, settings.clocks)
    hand_off = HandOff(
        line,
        wording,
        topics,
        About(database, answerer.read_signals),
        clock,
        ground.tiers,
        on_call,
        named_owner,
        via=via_of(settings.notifications.reach),
    )
    questions = Questions(
        database,
        journal,
        answerer,
        hand_off,
        clock,
        fragment_wait_seconds=settings.bot.fragment_wait_seconds,
        group_name=routing.default_group,
        observe=ground.stages.observe,
        alone=ground.wire is None,
    )
    listening = Listening(journal, answerer.read_signals, clock, head_starts, sour_at=settings.signals.sour_at)
    company = Company(
        database,
        journal,
        answerer,
        places,
        topics,
        Choosing(journal, line, topics, wording, dispatcher.tick).choose,
        WaitingWords(wording, round(settings.waiting.keep_minutes)),
        wording,
        clock,
        answers=settings.waiting.answer_while_waiting,
        fragment_wait_seconds=settings.bot.fragment_wait_seconds,
    )
    conversations = Conversations(
        database, journal, questions, hand_off, places, dispatcher, listening, company, files.attaching, clock
    )
    handling = Handling(
        database,
        journal,
        dispatcher,
        files.attaching,
        Mentioning(database, ground.outbox, ground.pages, clock),
        wording,
        hold_at_most=timedelta(hours=routing.hold_hours),
    )
    return Talk(
        journal=journal,
        lease=lease,
        line=line,
        places=places,
        dispatcher=dispatcher,
        recovery=Recovery(
            database,
            journal,
            dispatcher,
            lease,
            ground.alerts,
            clock,
            agent_lost_seconds=routing.agent_lost_seconds,
            silent_minutes=routing.silent_agent_minutes,
            silent=unresponsive.silent,
        ),
        overflow=Overflow(database, journal, line, dispatcher, lease, clock),
        hand_off=hand_off,
        named_owner=named_owner,
        questions=questions,
        listening=listening,
        company=company,
        conversations=conversations,
        feedback=Feedback(
            database,
            journal,
            conversations,
            questions,
            hand_off,
            wording,
            forget_in_tickets=tickets.forget,
            forget_files=files.attaching.forget,
            misses_before_handoff=settings.bot.misses_before_handoff,
        ),
        handling=handling,
        passing_on=PassingOn(database, journal, line, dispatcher, wording),
        supervising=Supervising(journal, line, hand_off, dispatcher, ground.audit, handling.visible),
        idling=Idling(
            database,
            journal,
            wording,
            clock,
            warn_minutes=idle.warn_minutes,
            close_minutes=idle.close_minutes,
            bot_minutes=idle.bot_minutes,
        ),
        reading=Reading(database, archive, files.links),
        archive=archive,
    )
