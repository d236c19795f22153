"""A conversation as it stands in an archive: its rows as JSON, deflated, sealed with a key of its own; pure.

A block opens only with its key and only for its conversation. What helps to deflate it is the same for all, and holds
nothing that anybody said.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from router.conversations.log import LogRow

#: The first bytes of a file; another way of writing gets another number.
FORMAT = b"yingda-archive-1\n"
KEY_BYTES = 32
#: A key seals one block only, so that its nonce may always be the same.
_NONCE = bytes(12)
_LEVEL = 9

EVENT_COLUMNS = ("seq", "kind", "at", "actor_kind", "actor_id", "actor_name", "reply_to_seq", "body")
NOTE_COLUMNS = ("note_seq", "after_seq", "kind", "at", "actor_kind", "actor_id", "actor_name", "text", "mentions")

#: Deflating begins as if this had stood before; the commonest last. Never change it: old files need it as it is.
_BEFORE = (
    '{"context":{"previous_question":"","options":[]},"options":[{"id":"none_of_these","label":"都不是"}],'
    '"attachments":[{"id":"","name":"","type":"image/png","bytes":0,"url":""}],"wrap_up":{"category":"","cause":""},'
    '"csat":5,"resolved":true,"helpful":false,"target_seq":1,"redacted":true,"reason":"low_confidence","state":"waiting",'
    '"reason":"resolved","state":"closed","reason":"assigned","state":"human","agent":{"id":"","name":""},'
    "金石项目管理软件您好，请问好的谢谢可以了不行设置项目任务导出甘特图看板报表权限登录"
    '"decision":"answer","decision":"clarify","confidence":0.9,"index_version":1,"sources":[{"article_id":"",'
    '"title":"","confidence":0.9}],"client_id":"","id":"","text":""}],["system",null,null,null,{'
    '],[2,"message","2026-11-22T08:00:00.000000Z","bot",null,"小应",1,{"id":"","text":"'
    '],[3,"state","2026-11-22T08:00:00.000000Z","agent","'
    '[[1,"message","2026-11-22T08:00:00.000000Z","customer","'
).encode()


class BlockBroken(Exception):
    """A block does not open: it was changed, or stands for another conversation."""


def seal(conversation_id: UUID, events: Sequence[LogRow], notes: Sequence[LogRow], key: bytes) -> bytes:
    """The block of rows of one conversation, in their order."""
    written = msgspec.json.encode(
        (
            [[row[column] for column in EVENT_COLUMNS] for row in events],
            [[row[column] for column in NOTE_COLUMNS] for row in notes],
        )
    )
    deflating = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=_BEFORE)
    deflated = deflating.compress(written) + deflating.flush()
    return AESGCM(key).encrypt(_NONCE, deflated, conversation_id.bytes)


def unseal(conversation_id: UUID, block: bytes, key: bytes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Events and notes as rows of their tables. Raises `BlockBroken`."""
    try:
        deflated = AESGCM(key).decrypt(_NONCE, block, conversation_id.bytes)
        inflating = zlib.decompressobj(-zlib.MAX_WBITS, zdict=_BEFORE)
        events, notes = _decoder.decode(inflating.decompress(deflated) + inflating.flush())
    except (InvalidTag, zlib.error, msgspec.DecodeError, ValueError) as fault:
        raise BlockBroken(BlockBroken.__doc__) from fault
    return (
        [_row(conversation_id, EVENT_COLUMNS, values) for values in events],
        [_row(conversation_id, NOTE_COLUMNS, values) for values in notes],
    )


def _row(conversation_id: UUID, columns: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    row = dict(zip(columns, values, strict=True))
    row["conversation_id"] = conversation_id
    row["at"] = msgspec.convert(row["at"], datetime)
    row["actor_id"] = None if row["actor_id"] is None else UUID(row["actor_id"])
    if "mentions" in row:
        row["mentions"] = [UUID(each) for each in row["mentions"]]
    return row


_decoder = msgspec.json.Decoder(tuple[list[list[Any]], list[list[Any]]])
