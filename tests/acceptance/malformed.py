"""Malformed packets of every kind, from a seed: framing, types, sizes, depths, names, half characters."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec.structs import fields

from router.events import AGENT_EVENTS, CHAT_EVENTS

Packet = str | bytes

_JUNK = "\x00\x01\t\n\"'\\{}[]:,.-+/0123456789abcdefnulltrue甘特图🙂\u202e\ufeff\u2028"
_NUMBERS = (0, -1, 1.5, 2**31, 2**63, 2**64, -(2**63), 10**30, 1e308, -0.0)
_SAMPLES: tuple[Any, ...] = (
    None, True, False, "", " ", "\x00", "甘特图", "\ud800", "a" * 3_000, [], {}, [[]], {"": ""}, ["x"], {"a": {"b": 1}},
    "00000000-0000-0000-0000-000000000000", "not-a-uuid", *_NUMBERS,
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """Whom the packets of one connection are for: the namespace, what opens it, and a conversation of its own."""

    namespace: str
    auth: dict[str, Any]
    conversation_id: str


class Malformer:
    """Makes packets; the same seed makes the same ones."""

    def __init__(self, seed: int, target: Target) -> None:
        self._random = random.Random(seed)
        self._target = target
        self._events = CHAT_EVENTS if target.namespace == "/chat" else AGENT_EVENTS
        self._kinds: tuple[tuple[Callable[[], Packet], int], ...] = (
            (self._wrong_types, 40),
            (self._unknown_event, 8),
            (self._no_event, 8),
            (self._broken_json, 8),
            (self._half_characters, 6),
            (self._deep, 4),
            (self._large, 3),
            (self._odd_id, 4),
            (self._other_namespace, 5),
            (self._again, 4),
            (self._engine, 5),
            (self._too_large, 1),
            (self._binary, 2),
            (self._random_text, 3),
        )

    def packet(self) -> Packet:
        makers, weights = zip(*self._kinds, strict=True)
        maker: Callable[[], Packet] = self._random.choices(makers, weights)[0]
        return maker()

    def uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    # Events whose fields are wrong

    def _wrong_types(self) -> str:
        event = self._random.choice(list(self._events))
        payload = {each.name: self._value(each.name) for each in fields(self._events[event][0])}
        for name in [name for name in payload if self._random.random() < 0.15]:
            del payload[name]
        return self._event(event, payload)

    def _value(self, name: str) -> Any:
        """Sensible often enough that the packet gets past the types and meets the rules behind them."""
        if self._random.random() < 0.4:
            return self._random.choice(_SAMPLES)
        sensible: dict[str, Any] = {
            "client_id": self.uuid(),
            "conversation_id": self._random.choice((self._target.conversation_id, self.uuid())),
            "text": self._junk(20),
            "seq": self._random.choice((1, 2, 10**6, 2**31 - 1)),
            "after_seq": self._random.choice((0, 1, 2**31)),
            "limit": self._random.choice((1, 10**9)),
            "contact": {"phone": self._junk(12), "email": self._random.choice(_SAMPLES)},
            "to": self._random.choice(("bot", {"agent_id": self.uuid()}, {"group_id": "x"}, {"agent_id": None})),
            "status": self._random.choice(("online", "asleep")),
            "wrap_up": {"tags": [self._random.choice(_SAMPLES)], "category": self._junk(300)},
            "mentions": [self.uuid(), "x"],
            "upload_ids": [self.uuid()],
            "csat": self._random.choice((0, 5, 6, 10**12)),
            "capacity": self._random.choice((-1, 10**6, 2**40)),
        }
        return sensible.get(name, self._random.choice((*_SAMPLES, self._junk(30))))

    def _unknown_event(self) -> str:
        names = ("connect", "disconnect", "message", "", "__class__", "handle_sync", "welcome", "x" * 1_000, "\x00")
        return self._event(self._random.choice(names), self._random.choice(_SAMPLES))

    def _no_event(self) -> str:
        data: Any = self._random.choice(
            ([], {}, None, 7, "sync", [None], [7], [["sync"]], [{"a": 1}], ["sync", 1, 2, 3])
        )
        return f"42{self._target.namespace},{self._id()}{json.dumps(data)}"

    def _half_characters(self) -> str:
        text = self._random.choice(("\ud83d", "好\udc00", "\udfff\ud800 ok"))
        return self._event("send_message", {"client_id": self.uuid(), "text": text, text: text})

    def _deep(self) -> str:
        depth = self._random.choice((100, 1_000, 15_000))
        opening, closing = self._random.choice((("[", "]"), ('{"a":', "}")))
        middle = "" if opening == "[" else "1"
        return f'42{self._target.namespace},{self._id()}["sync",{opening * depth}{middle}{closing * depth}]'[:65_000]

    def _large(self) -> str:
        return self._event(
            "send_message", {"client_id": self.uuid(), "text": "长" * self._random.randrange(5_001, 9_000)}
        )

    # Frames that are wrong

    def _broken_json(self) -> str:
        whole = self._event("send_message", {"client_id": self.uuid(), "text": "甘特图"})
        cut = self._random.randrange(3, len(whole))
        return whole[:cut] + self._random.choice(("", "}", self._junk(5), "NaN", "1e999"))

    def _odd_id(self) -> str:
        number = self._random.choice(("9" * 30, "9" * 101, "-1", "１２", "0x1", "1.5"))
        return f'42{self._target.namespace},{number}["sync",{{}}]'

    def _other_namespace(self) -> str:
        kind = self._random.choice("0123")
        namespace = self._random.choice(("/", "/admin", "/agent", "/chat", "/" + "n" * 2_000, "/chat?x=1", "/甘特图"))
        data = self._random.choice(("", "[]", "{}", "7[1]", '{"protocol":1}'))
        return f"4{kind}{namespace},{data}"

    def _again(self) -> str:
        return f"40{self._target.namespace},{json.dumps(self._random.choice((self._target.auth, 1, [], 'x', None)))}"

    def _engine(self) -> str:
        return self._random.choice(
            ("2", "3", "5", "6", "7", "4", "40", "41", "42", "43", "44", "2probe", "b4", "0{}", "")
        )

    def _too_large(self) -> str:
        return self._event("typing", {"padding": "x" * 70_000})

    def _binary(self) -> Packet:
        attachments = self._random.choice(("1", "2", "999999999", "99999999999"))
        placeholder = '{"_placeholder":true,"num":0}'
        return self._random.choice(
            (self._random.randbytes(self._random.randrange(200)), f'45{attachments}-{self._target.namespace},["sync",'
             f"{placeholder}]", f"461-{self._target.namespace},[{placeholder}]")
        )  # fmt: skip

    def _random_text(self) -> str:
        return self._random.choice(("", "4", "42", f"42{self._target.namespace},")) + self._junk(60)

    def _event(self, event: str, payload: Any) -> str:
        return f"42{self._target.namespace},{self._id()}{json.dumps([event, payload])}"

    def _id(self) -> str:
        return str(self._random.randrange(1_000)) if self._random.random() < 0.8 else ""

    def _junk(self, longest: int) -> str:
        return "".join(self._random.choices(_JUNK, k=self._random.randrange(longest)))
