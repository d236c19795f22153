"""Robots of 企业微信, 钉钉 and 飞书, each with its own JSON and signature; alerts that come together are merged."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
import msgspec

from database.clock import Clock
from router.notifications.channels.calls import Answer, post
from router.notifications.channels.parcel import Failed, Outcome, Parcel, Refused, Sent
from router.notifications.words import Words, WordsMissing

RobotType = Literal["wecom", "dingtalk", "feishu"]

#: All three take 20 messages a minute; 钉钉 is silent for ten minutes after more.
PAUSE_SECONDS = 3.0
#: Alerts in one message; the rest goes into the next one.
MOST_MERGED = 10
_MOST_BYTES = 3_800  # 企业微信 takes 4,096 bytes of markdown
_TIMEOUT_SECONDS = 10.0
_TOO_FAST = {"wecom": {45009}, "dingtalk": {130101, 410100}, "feishu": {11232, 9499}}
#: 企业微信 knows no way to escape markup: such characters become their wide twins.
_PLAIN = str.maketrans("\\`*_[]<>#~", "＼｀＊＿［］＜＞＃～")


@dataclass(frozen=True, slots=True)
class Robot:
    """One robot as it is set up; the address is as secret as the secret."""

    name: str
    type: RobotType
    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One alert: a heading, lines below it, and where to look."""

    title: str
    text: str
    link: str | None


def dingtalk_signature(secret: str, milliseconds: int) -> str:
    """加签: base64 of HMAC-SHA256 with the secret over ``"{timestamp}\\n{secret}"``, before URL encoding."""
    return base64.b64encode(
        hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    ).decode()


def feishu_signature(secret: str, seconds: int) -> str:
    """签名校验: base64 of HMAC-SHA256 with the key ``"{timestamp}\\n{secret}"`` over nothing."""
    return base64.b64encode(hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


class RobotChannel:
    """Sends to the robot that the endpoint names (``robot:ops``)."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        words: Words,
        clock: Clock,
        robots: Mapping[str, Robot],
        link_of: Callable[[Mapping[str, Any]], str | None],
    ) -> None:
        self.timeout_seconds = _TIMEOUT_SECONDS
        self._client = client
        self._words = words
        self._clock = clock
        self._robots = robots
        self._link_of = link_of

    async def send(self, parcels: Sequence[Parcel]) -> Outcome:
        robot = self._robots.get(parcels[0].endpoint.removeprefix("robot:"))
        if robot is None:
            return Refused("this robot is not set up any more")
        lines = [self._line(parcel) for parcel in parcels]
        open_word = self._words.word("open_console", parcels[0].locale)
        heading = self._words.word("merged", parcels[0].locale, count=len(lines))
        now = self._clock.now().timestamp()
        if robot.type == "feishu":
            url, message = robot.url, feishu_message(lines, heading, open_word)
            if robot.secret:
                message |= {"timestamp": str(int(now)), "sign": feishu_signature(robot.secret, int(now))}
        else:
            url, message = robot.url, _MESSAGES[robot.type](lines, heading, open_word)
            if robot.type == "dingtalk" and robot.secret:
                milliseconds = int(now * 1000)
                sign = dingtalk_signature(robot.secret, milliseconds)
                joint = "&" if "?" in url else "?"
                url += joint + urlencode({"timestamp": milliseconds, "sign": sign})
        answer = await post(self._client, url, msgspec.json.encode(message), {}, _TIMEOUT_SECONDS)
        return answer if isinstance(answer, Failed) else _outcome(robot.type, answer)

    def _line(self, parcel: Parcel) -> Line:
        try:
            said = self._words.say(parcel.kind, parcel.locale, parcel.data)
        except WordsMissing:  # an alert is better told badly than not at all
            return Line(parcel.kind, str(parcel.data.get("text", "")), self._link_of(parcel.data))
        return Line(said.title, said.text, self._link_of(parcel.data))


def wecom_message(lines: Sequence[Line], heading: str, open_word: str) -> dict[str, Any]:
    """``markdown`` of 企业微信."""
    return {"msgtype": "markdown", "markdown": {"content": _markdown(lines, heading, open_word)}}


def dingtalk_message(lines: Sequence[Line], heading: str, open_word: str) -> dict[str, Any]:
    """``markdown`` of 钉钉; the title stands in the list of chats."""
    title = lines[0].title if len(lines) == 1 else heading
    return {"msgtype": "markdown", "markdown": {"title": title, "text": _markdown(lines, heading, open_word)}}


def feishu_message(lines: Sequence[Line], heading: str, open_word: str) -> dict[str, Any]:
    """``post`` of 飞书: plain text elements, in which nothing is markup."""
    content: list[list[dict[str, str]]] = []
    for line in lines:
        if len(lines) > 1:
            content.append([{"tag": "text", "text": f"■ {line.title}"}])
        if line.text:
            content.append([{"tag": "text", "text": line.text}])
        if line.link:
            content.append([{"tag": "a", "text": open_word, "href": line.link}])
    title = lines[0].title if len(lines) == 1 else heading
    post = {"zh_cn": {"title": title, "content": content or [[{"tag": "text", "text": title}]]}}
    return {"msg_type": "post", "content": {"post": post}}


_MESSAGES: dict[str, Callable[[Sequence[Line], str, str], dict[str, Any]]] = {
    "wecom": wecom_message,
    "dingtalk": dingtalk_message,
}


def _markdown(lines: Sequence[Line], heading: str, open_word: str) -> str:
    parts = [] if len(lines) == 1 else [f"### {_escaped(heading)}"]
    for line in lines:
        said = [f"**{_escaped(line.title)}**", *(f"> {_escaped(one)}" for one in line.text.splitlines() if one)]
        if line.link:
            said.append(f"[{open_word}]({line.link})")
        parts.append("\n\n".join(said))
    text = "\n\n".join(parts)
    cut = text.encode()[:_MOST_BYTES].decode(errors="ignore")
    return text if cut == text else cut + "…"


def _escaped(text: str) -> str:
    """Nothing in a customer's words is markup, and nobody is called by ``<@all>``."""
    return text.translate(_PLAIN)


def _outcome(kind: RobotType, answer: Answer) -> Outcome:
    if answer.status == 429 or answer.status >= 500:
        return Failed(f"the robot answered {answer.status}", after_seconds=answer.after_seconds)
    if answer.status != 200:
        return Failed(f"the robot answered {answer.status}")
    try:
        said = msgspec.json.decode(answer.body, type=dict[str, Any])
    except (msgspec.MsgspecError, ValueError):
        return Failed("the robot's answer is not JSON")
    code = said.get("errcode", said.get("code", said.get("StatusCode")))
    if code == 0:
        return Sent(pause_seconds=PAUSE_SECONDS)
    if code in _TOO_FAST[kind]:
        return Failed(f"too many messages (code {code})", after_seconds=660.0 if kind == "dingtalk" else 60.0)
    return Failed(f"the robot refused (code {code if isinstance(code, int) else '?'})")
