"""The one written form of a text before it is encoded: NFKC, single spaces, no lone surrogates; refuses no text."""

import re
import unicodedata

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def normalised(text: str) -> str:
    """`text` as encoders and the question cache see it, so that `ＡＰＩ　 密钥` and `API 密钥` are one question."""
    if text.isascii():
        return " ".join(text.split())
    if _LONE_SURROGATE.search(text):
        text = _LONE_SURROGATE.sub("\ufffd", text)
    return " ".join(unicodedata.normalize("NFKC", text).split())
