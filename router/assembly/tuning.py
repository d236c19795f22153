"""Settings that change while the program runs: who follows which of them."""

from __future__ import annotations

from router.assembly.answers import Answers
from router.assembly.ground import Ground
from router.assembly.talk import Talk
from router.clocks.figures import Figures
from router.knowledge.runs import Runs
from router.ratings.surveys import Surveys
from router.routes import Face
from router.settings import Settings
from router.tuning.http import TuningHttp


def wire_tuning(ground: Ground, answers: Answers, talk: Talk, figures: Figures, surveys: Surveys, runs: Runs) -> Face:
    def follow(settings: Settings) -> None:
        answers.models.answerer.retune(settings.bot)
        talk.feedback.misses_before_handoff = settings.bot.misses_before_handoff
        idle = settings.idle
        talk.idling.retune(
            warn_minutes=idle.warn_minutes, close_minutes=idle.close_minutes, bot_minutes=idle.bot_minutes
        )
        ground.clocks.retune(settings.clocks)
        talk.named_owner.clocks = settings.clocks
        figures.retune(settings.clocks.live_chat)
        surveys.retune(share=settings.ratings.nps_share, paused=settings.ratings.nps_paused)

    ground.tuning.listen(follow)
    return TuningHttp(ground.tuning, runs)
