"""Two nodes behind nginx as deploy/nginx.conf sets it up: pages come back through the other node, nothing is lost."""

from __future__ import annotations

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.harness import Progress, Talker, judge, leave, run, until_nothing_is_owed
from tests.acceptance.nginx import NGINX, nginx_before
from tests.acceptance.people import eventually

pytestmark = pytest.mark.slow

_KEYS = {f"SECURITY__{name}": "A" * 43 + "=" for name in ("TOKEN_KEY", "SEALING_KEYS", "LOOKUP_KEY")}
_TALKERS, _MESSAGES = 8, 15


def _status(url: str) -> int:
    try:
        with urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


@pytest.mark.skipif(NGINX is None, reason="there is no nginx on this machine")
async def test_a_node_is_renewed_and_the_other_one_dies_while_customers_talk_through_nginx(
    make_program: MakeProgram, dsn: str, tmp_path: Path
) -> None:
    proxies = '["127.0.0.1"]'
    first, second = (
        make_program(dsn, name=name, SERVER__TRUSTED_PROXIES=proxies, **_KEYS) for name in ("first", "second")
    )
    await first.started()
    await second.started()
    folder = tmp_path / "nginx"
    folder.mkdir()
    with nginx_before(folder, (first, second)) as url:
        assert _status(f"{url}/readyz") == 200
        assert _status(f"{url}/metrics") == 404, "for the inside only"
        progress = Progress()
        talkers = [Talker(url, n, progress) for n in range(_TALKERS)]

        async def renew() -> None:
            assert await first.stopped() == 0
            assert _status(f"{url}/readyz") == 200, "the other one is asked"
            await first.started()

        async def kill() -> None:
            second.kill()
            await eventually(lambda: _status(f"{url}/readyz") == 200)  # nginx leaves a node alone for two seconds

        await run(talkers, progress, _MESSAGES, [renew, kill])
        await until_nothing_is_owed(dsn)
        verdict = await judge(talkers)
        assert verdict.acknowledged == _TALKERS * _MESSAGES
        assert verdict.faults == {}
        await leave(talkers)
