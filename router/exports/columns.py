"""A column of a workbook: where its cells come from in an item of a list's own answer, and how they are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from router.exports.sheets import Cell, Heading
from router.exports.words import NO, YES, Both, Locale, named, said

Kind = Literal["plain", "who", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """``path`` leads into the item; ``words`` names a table of words; ``who``: the id of a colleague or a group."""

    title: Both
    path: str
    kind: Kind = "plain"
    words: str | None = None
    width: int = 16

    def heading(self, locale: Locale) -> Heading:
        return Heading(said(self.title, locale), self.width)

    def cell(self, item: Mapping[str, Any], names: Mapping[UUID, str], locale: Locale) -> Cell:
        found: Any = item
        for part in self.path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if found is None:
            return None
        if self.kind == "who":
            return names.get(found, "")
        if self.kind == "list":
            return "、".join(self._word(one, names, locale) for one in found)
        if isinstance(found, bool):
            return said(YES if found else NO, locale)
        if self.words is not None:
            return named(self.words, str(found), locale)
        cell: Cell = str(found) if isinstance(found, UUID) else found
        return cell

    def _word(self, one: Any, names: Mapping[UUID, str], locale: Locale) -> str:
        """One of a list: an id by its name, a name of the wire by its word."""
        if isinstance(one, UUID):
            return names.get(one, str(one))
        return str(one) if self.words is None else named(self.words, str(one), locale) or ""


@dataclass(frozen=True, slots=True)
class Exported:
    """A list by the route that answers it; ``within``: the list's name in the answer.

    ``by_id``: its items name their customer by ``customer_id`` alone, so that the card is looked up beside them.
    """

    title: Both
    path: str
    columns: Sequence[Column]
    within: str = "items"
    by_id: bool = False


CUSTOMER = Column(("客户", "Customer"), "customer.name", width=18)
COMPANY = Column(("公司", "Company"), "customer.company", width=22)
TIER = Column(("客户等级", "Tier"), "customer.tier", words="tier")
GROUP = Column(("技能组", "Group"), "group_id", "who")
CONVERSATION = Column(("会话编号", "Conversation"), "conversation_id", width=38)
