"""A conversation's brief and what was alike before, over HTTP, for who may see the conversation."""

from __future__ import annotations

from models.batching import QuestionNotEncoded
from router.api import Call, Route
from router.conversations.handling import Handling
from router.conversations.http import DESK, colleague_of
from router.errors import Unavailable
from router.help.briefing import Briefing
from router.help.views import BriefView, SimilarView


class BriefingHttp:
    def __init__(self, briefing: Briefing, handling: Handling) -> None:
        self._briefing = briefing
        self._handling = handling

    def routes(self) -> list[Route]:
        path = "/api/v1/conversations/{id}"
        return [
            Route("GET", f"{path}/brief", self.brief, DESK, None, BriefView,
                  "What happened before, a first sentence, a wrap-up"),
            Route("GET", f"{path}/similar", self.similar, DESK, None, SimilarView,
                  "Solved conversations and tickets about the same"),
        ]  # fmt: skip

    async def brief(self, call: Call) -> BriefView:
        colleague = colleague_of(call.signed.account)
        return await self._briefing.brief(colleague, await self._handling.visible(colleague, call.path_id))

    async def similar(self, call: Call) -> SimilarView:
        colleague = colleague_of(call.signed.account)
        row = await self._handling.visible(colleague, call.path_id)
        try:
            return await self._briefing.similar(colleague, row)
        except QuestionNotEncoded as fault:
            raise Unavailable("nothing can be searched for now") from fault
