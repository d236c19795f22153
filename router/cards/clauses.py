"""What of a customer's words belongs on the card: what is asked, what was tried, what the screen said; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.understanding import understand

_CLAUSE = re.compile(r"(?:[^，,。！？!?；;\n.]|\.(?!\s|$))+(?:[，,。！？!?；;\n]|\.(?=\s|$))?")
#: A longer clause with a wish for a human in it says something else as well.
_WISH_CHARACTERS, _WISH_WORDS = 14, 10
_TRIED = re.compile(
    "试过|试了|尝试|重启|重新登录|重新登陆|重装|卸载|刷新(?:了|过|也|还)|清(?:了|过|理|除)?(?:一下)?(?:缓存|cookie)|换(?:了|过)|"
    "都没用|试過|試過|試了|重新登入|重新整理|清除快取|"
    r"\b(?:tried|restarted|reinstalled|refreshed|reloaded|cleared|logged (?:out|in) again|switched|another browser)\b|"
    "試し|再起動|再ログイン|再インストール|"
    r"\b(?:he |ya )?(?:probado|reiniciado|reinstalado|recargado|borrado|intentado)\b",
    re.IGNORECASE,
)
_ERROR = re.compile(
    '(?:报错|提示|显示|弹出|弹窗|報錯|顯示|says?|shows?|表示|dice)[^“"「『\n]{0,6}[“"「『](?P<quoted>[^”"」』\n]{2,160})[”"」』]'
    r"|(?P<raised>\b\w*(?:Error|Exception)\b[^\n]{0,160}|\bERR_\w+[^\n]{0,80}|\bHTTP\s?[45]\d\d\b[^\n，。,]{0,60})"
    r"|(?:报错|错误码|错误代码|報錯|錯誤碼|error code)\s*[:：]?\s*(?P<code>[A-Za-z0-9][\w.\-]{2,40})"
    "|(?:提示|报错|報錯)[:：]\\s*(?P<told>[^，。,\n]{3,80})"
)
_LONGEST = 160


def question_in(text: str) -> str:
    """The text without greetings, wishes for a human and 没帮助; empty where nothing else is in it."""
    kept = [clause for clause in _clauses(text) if not _is_talk(clause)]
    return "".join(kept).strip().rstrip("，,；;").strip()


def tried_in(text: str) -> list[str]:
    """What they say they have tried themselves, in their own words."""
    return [_short(clause) for clause in _clauses(text) if _TRIED.search(clause)]


def errors_in(text: str) -> list[str]:
    """What the screen said, as they quote it."""
    found = []
    for match in _ERROR.finditer(text):
        said = next((group for group in match.groups() if group), "")
        if said.strip():
            found.append(_short(said))
    return found


def distinct(lines: Iterable[str]) -> list[str]:
    """Each once, in order; a line within a later, longer one is left out."""
    kept: list[str] = []
    for line in lines:
        if not line or any(line in other for other in kept):
            continue
        kept = [other for other in kept if other not in line]
        kept.append(line)
    return kept


def _clauses(text: str) -> Iterator[str]:
    for match in _CLAUSE.finditer(text):
        if match[0].strip():
            yield match[0]


def _is_talk(clause: str) -> bool:
    bare = clause.strip().rstrip("，,。！？!?；;").strip()
    understood = understand(bare)
    if understood.talk is not None or understood.unhelpful:
        return True
    wished = understood.wish is not None and understood.wish.kind != "refused"
    return wished and (len(bare) <= _WISH_CHARACTERS or (bare.isascii() and len(bare.split()) <= _WISH_WORDS))


def _short(text: str) -> str:
    return text.strip().rstrip("，,。！!；;").strip()[:_LONGEST]
