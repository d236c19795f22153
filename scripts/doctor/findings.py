"""What a look found, in both languages; never a secret: addresses are shown without names and passwords."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

State = Literal["ok", "warn", "fail", "skip"]
Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Chinese and in English."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and what to do where it is not well."""

    check: str
    state: State
    words: Words
    advice: Words | None = None


def ok(check: str, zh: str, en: str) -> Finding:
    return Finding(check, "ok", Words(zh, en))


def skip(check: str, zh: str, en: str) -> Finding:
    """Nothing to look at, and nothing wrong with that."""
    return Finding(check, "skip", Words(zh, en))


def warn(check: str, words: tuple[str, str], advice: tuple[str, str]) -> Finding:
    """It works, and should not stay as it is."""
    return Finding(check, "warn", Words(*words), Words(*advice))


def fail(check: str, words: tuple[str, str], advice: tuple[str, str]) -> Finding:
    """It does not work, or will not survive."""
    return Finding(check, "fail", Words(*words), Words(*advice))


Findings = Iterator[Finding]
Look = Callable[[], Findings]


def place_of(url: str) -> str:
    """Host and port, or the path of a local socket: what may be shown of an address."""
    parts = urlsplit(url)
    if not parts.hostname:
        return parts.path or parts.scheme
    try:
        port = parts.port
    except ValueError:
        port = None
    return parts.hostname if port is None else f"{parts.hostname}:{port}"


def cause_of(fault: BaseException) -> str:
    """The kind of a fault; its text may repeat what was sent."""
    return "timeout" if isinstance(fault, TimeoutError) else type(fault).__name__


def timed(work: Callable[[], object]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
