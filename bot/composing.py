"""A verdict put into words: the decision that the caller sends, with options, sources and buttons."""

from __future__ import annotations

from bot.policy import Ask, Fetch, Say, Talk, Verdict
from bot.records import Analysis, Answer, Button, Clarification, Decision, Handoff, Option, SmallTalk, Source, Turn
from bot.wording import Wording
from kb_index.records import Article

_ASK_WORDS = {
    "no_answer": "no_answer",
    "not_helpful": "not_helpful",
    "none_fits": "none_fits",
    "unfinished": "say_more",
    "choose_again": "choose_again",
    "which_one": "which_one",
}
#: What asks for more words shows the button for them; what asks for a choice does not.
_DESCRIBE: tuple[Button, ...] = ("describe", "request_human")
_CHOOSE: tuple[Button, ...] = ("none_of_these", "request_human")
#: A text so long is more than the wish itself; a Chinese character counts as four Latin letters.
_MORE_THAN_A_WISH = 64
_TALK_WITH_WAY_OUT = ("nudge", "identity", "ability", "scolded", "hours")


class Composer:
    """Chooses the sentence for a verdict; decides nothing."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def compose(self, verdict: Verdict, turn: Turn, analysis: Analysis, chosen: Article | None) -> Decision:
        """The decision; `chosen` is the article of a chosen option that the search did not find."""
        match verdict:
            case Say():
                article = chosen if verdict.place is None else analysis.candidates[verdict.place].article
                if article is None:
                    return self._ask(Ask("no_answer"), turn, analysis)  # taken out of the knowledge base meanwhile
                return self._answer(article, verdict, analysis)
            case Ask():
                return self._ask(verdict, turn, analysis)
            case Fetch():
                return self._hand_off(verdict, turn, analysis)
            case Talk():
                return self._talk(verdict, turn, analysis)

    def _answer(self, article: Article, verdict: Say, analysis: Analysis) -> Answer:
        source = Source(article.id, article.question, analysis.confidence)
        text = article.answer
        buttons: tuple[Button, ...] = ()
        if verdict.urgent:
            text = f"{text.rstrip()}\n\n{self._wording.say('urgent_answer', analysis.language)}"
            buttons = ("request_human",)
        return Answer(
            text=text,
            analysis=analysis,
            reason=verdict.reason,
            sources=(source,),
            pictures=article.pictures,
            buttons=buttons,
        )

    def _ask(self, verdict: Ask, turn: Turn, analysis: Analysis) -> Clarification:
        language = analysis.language
        found = (analysis.candidates[place].article for place in verdict.places)
        options = verdict.again or tuple(Option(article.id, article.question) for article in found)
        if verdict.reason == "nothing_to_read":
            key = "picture_only" if turn.attachments else "link_only" if "".join(turn.fragments).strip() else "say_more"
            text, buttons = self._wording.say(key, language), _DESCRIBE
        elif verdict.reason == "unsure":
            text, buttons = self._wording.not_sure(len(options), language), _CHOOSE
        elif options:
            several = verdict.reason in ("choose_again", "which_one")
            key = _ASK_WORDS[verdict.reason] if several else f"{_ASK_WORDS[verdict.reason]}_but"
            text, buttons = self._wording.say(key, language), _CHOOSE
        else:
            text, buttons = self._wording.say(_ASK_WORDS[verdict.reason], language), _DESCRIBE
        if verdict.upset and not (turn.asked_back or turn.offered):  # once: said twice in a row it is a phrase
            text = self._wording.say("understanding", language) + text
        return Clarification(
            text=text,
            analysis=analysis,
            reason=verdict.reason,
            options=options,
            buttons=buttons,
            is_miss=verdict.is_miss,
        )

    def _hand_off(self, verdict: Fetch, turn: Turn, analysis: Analysis) -> Handoff:
        language, group = analysis.language, verdict.group or turn.group_name
        if analysis.emotion == "angry":
            text = self._wording.handing_off(group, True, language)
        elif verdict.reason == "urgent":
            text = self._wording.handing_off_urgent(group, language)
        elif verdict.reason in ("repeated_miss", "low_confidence"):
            text = self._wording.handing_off_after_misses(group, language)
        else:
            text = self._wording.handing_off(group, False, language, described=_is_described(turn))
        return Handoff(
            text=text, analysis=analysis, reason=verdict.reason, group=verdict.group, is_miss=verdict.is_miss
        )

    def _talk(self, verdict: Talk, turn: Turn, analysis: Analysis) -> SmallTalk:
        upset = verdict.kind == "emoji" and analysis.emotion in ("angry", "anxious")
        kind = "nudge" if upset else verdict.kind
        buttons: tuple[Button, ...] = ("request_human",) if kind in _TALK_WITH_WAY_OUT else ()
        if kind == "hours":
            text = self._wording.when_humans_are_there(turn.hours, analysis.language)
        else:
            text = self._wording.say(f"talk_{kind}", analysis.language)
        return SmallTalk(
            text=text,
            analysis=analysis,
            reason=verdict.kind,
            settles=verdict.settles,
            buttons=buttons,
        )


def _is_described(turn: Turn) -> bool:
    """Whether the customer has said more than that they want a human."""
    if turn.previous_question or turn.misses or turn.offered or turn.attachments:
        return True
    return sum(1 if character.isascii() else 4 for character in "".join(turn.fragments)) >= _MORE_THAN_A_WISH
