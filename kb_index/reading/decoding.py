"""Bytes to text: UTF-8 with or without a mark, UTF-16 with one, GB18030 as Excel writes it; refuses what is none of
them."""

from __future__ import annotations

import codecs


class Undecodable(Exception):
    """The bytes are not text; `line` is where it shows."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def decode(content: bytes) -> str:
    """Text with `\\n` line ends. Raises `Undecodable`."""
    return _decode(content).replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Undecodable(1, "starts like UTF-16 but is not") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if _is_damaged_utf8(content):
            raise Undecodable(line, "not valid UTF-8 here, though the rest of the file is") from error
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError as failure:
            raise Undecodable(content.count(b"\n", 0, failure.start) + 1, "neither UTF-8 nor GB18030") from failure


def _is_damaged_utf8(content: bytes) -> bool:
    """GB18030 takes almost any bytes, so a broken UTF-8 file would become nonsense: most of it decoding tells it
    apart."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sound = sum(1 for character in text if character > "\x7f") - broken
    return sound > 4 * broken
