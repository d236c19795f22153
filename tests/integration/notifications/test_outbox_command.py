"""`python -m scripts.outbox` lists dead letters and sends them again; nothing in it is personal."""

from __future__ import annotations

import json

import pytest

from database.clock import SystemClock
from router.notifications.records import Address
from scripts import outbox
from tests.integration.notifications.conftest import OpenPost, sms_settings
from tests.integration.notifications.receivers import HttpReceiver


async def test_dead_letters_are_listed_and_sent_again(
    open_post: OpenPost, receiver: HttpReceiver, dsn: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("YINGDA_DATABASE__URL", dsn)
    post = open_post(**sms_settings(receiver))
    receiver.usually = 400
    await post.put("callback_cancelled", Address(phone="13800001234"), "k", at="2026-11-24T02:00:00+00:00")
    await post.go()

    async def ran(*arguments: str) -> tuple[int, str]:
        code = await outbox.work(outbox.arguments().parse_args(list(arguments)))
        return code, capsys.readouterr().out

    code, out = await ran("list", "--json")
    (line,) = [json.loads(text) for text in out.splitlines()]
    assert (code, line["kind"], line["trouble"]) == (0, "callback_cancelled", "the gateway answered 400")
    assert "13800001234" not in out
    assert "callback_cancelled" in (await ran("list"))[1]
    assert (await ran("list", "--state", "sent"))[1] == ""
    assert await ran("retry", "01920000-0000-7000-8000-000000000000") == (1, "0 to be sent again\n")
    assert await ran("retry", "--endpoint", "mail") == (1, "0 to be sent again\n")
    assert await ran("retry", line["id"]) == (0, "1 to be sent again\n")
    receiver.usually = 200
    behind = (SystemClock().now() - post.clock.now()).total_seconds()  # the command goes by the machine's time
    post.clock.advance(max(0.0, behind) + 60)
    await post.go()
    assert await post.states() == ["sent"]


def test_wrong_usage_ends_with_two() -> None:
    for wrong in (["retry"], ["list", "--state", "lost"], ["retry", "--all", "--endpoint", "mail"], ["retry", "x"], []):
        with pytest.raises(SystemExit) as ended:
            outbox.main(wrong)
        assert ended.value.code == 2
