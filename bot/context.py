"""What a conversation leaves for the next question; made from decisions alone, stored by whoever holds the
conversation.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.records import Answer, Clarification, Decision, Option, SmallTalk, Turn

_MOST_REFUSED = 50
_BRIEF = 8  # characters


@dataclass(frozen=True, slots=True)
class Context:
    """Ends with the conversation, and with a human who took it over."""

    #: The options that a number or their words still mean.
    offered: tuple[Option, ...] = ()
    #: The articles of the last answer, for as long as no other one was given.
    last_article_ids: tuple[str, ...] = ()
    #: Articles that were turned down since then, answers and options alike.
    refused_article_ids: tuple[str, ...] = ()
    #: What “那手机上呢？” would hang on.
    previous_question: str = ""
    #: The bot's last words asked for more about that question.
    asked_back: bool = False


def after(context: Context, turn: Turn, decision: Decision) -> Context:
    """The context once `decision` was said."""
    analysis = decision.analysis
    if isinstance(decision, SmallTalk):
        return context
    refused = tuple(dict.fromkeys((*context.refused_article_ids, *analysis.refused)))[-_MOST_REFUSED:]
    question = analysis.question_in_context or context.previous_question
    if isinstance(decision, Answer):
        if len(question) <= _BRIEF and decision.sources:
            question = decision.sources[0].title  # 能撤回吗 says too little for what may lean on it
        # Of a list, another one can be taken next: 那第三个呢.
        offered = turn.offered if decision.reason == "chosen" else ()
        return Context(offered, tuple(source.article_id for source in decision.sources), (), question)
    if isinstance(decision, Clarification):
        if decision.reason == "nothing_to_read":
            return context
        return Context(decision.options, context.last_article_ids, refused, question, not decision.options)
    return Context((), context.last_article_ids, refused, question)
