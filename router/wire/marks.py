"""How far the pages of this node have been told of each conversation; knows only what some page here was told of."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from uuid import UUID

from router.conversations.records import Committed, Conversation

_MOST = 50_000


class Marks:
    """Rows as they were when their pages were told of them last."""

    def __init__(self) -> None:
        self._rows: OrderedDict[UUID, Conversation] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def ids(self) -> list[UUID]:
        return list(self._rows)

    def of(self, conversation_id: UUID) -> Conversation | None:
        return self._rows.get(conversation_id)

    def note(self, row: Conversation) -> None:
        """Pages know this row from now on; what overtook it stays."""
        known = self._rows.get(row.id)
        if known is None or not _is_older(row, known):
            self._rows[row.id] = row
            self._rows.move_to_end(row.id)
            if len(self._rows) > _MOST:
                self._rows.popitem(last=False)

    def note_all(self, news: Iterable[Committed]) -> bool:
        """What pages were told now. False where something came before it that nobody here was told, for the node that
        did it died at once: that mark stays behind, so that a look finds it."""
        whole = True
        for committed in news:
            known = self._rows.get(committed.before.id)
            if known is not None and _is_older(known, committed.before):
                whole = False
            else:
                self.note(committed.conversation)
        return whole

    def forget(self, conversation_ids: Iterable[UUID]) -> None:
        """No page here shows them any more."""
        for conversation_id in conversation_ids:
            self._rows.pop(conversation_id, None)

    def fresh(self, news: Sequence[Committed]) -> list[Committed]:
        """What of news from elsewhere pages have not been told: news that were overtaken bring their events only."""
        told = []
        for committed in news:
            known, row = self._rows.get(committed.conversation.id), committed.conversation
            if known is None or not _is_older(row, known):
                told.append(committed)
            else:
                told.append(Committed(known, known, committed.events, committed.notes, {}))
        return told


def _is_older(row: Conversation, known: Conversation) -> bool:
    return (row.version, row.last_seq, row.last_note_seq) < (known.version, known.last_seq, known.last_note_seq)
