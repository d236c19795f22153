"""Two nodes behind nginx as deploy/nginx.conf sets it up: pages come back through the other node, nothing is lost."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.harness import Progress, Talker, judge, leave, run, until_nothing_is_owed
from tests.acceptance.people import eventually
from tests.acceptance.program import ROOT, Program, free_port

pytestmark = pytest.mark.slow

_NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
_KEYS = {f"SECURITY__{name}": "A" * 43 + "=" for name in ("TOKEN_KEY", "SEALING_KEYS", "LOOKUP_KEY")}
_TALKERS, _MESSAGES = 8, 15


@contextmanager
def _nginx(folder: Path, nodes: tuple[Program, Program]) -> Iterator[str]:
    """The address of the nginx of deploy/, with these nodes."""
    port = free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for name, node in zip(("yingda-1", "yingda-2"), nodes, strict=True):
        text = text.replace(f"server {name}:8000", f"server 127.0.0.1:{node.port}")
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/tmp/", f"{folder}/")
    (folder / "nginx.conf").write_text(text.replace("include /etc/nginx/mime.types;", ""), "utf-8")
    errors = f"daemon off; error_log {folder}/errors.log;"
    command = [str(_NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", errors]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 10
            while time.monotonic() < until and process.poll() is None:
                with socket.socket() as there:
                    if there.connect_ex(("127.0.0.1", port)) == 0:
                        break
            assert process.poll() is None, (folder / "errors.log").read_text("utf-8")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _status(url: str) -> int:
    try:
        with urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


@pytest.mark.skipif(_NGINX is None, reason="there is no nginx on this machine")
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
    with _nginx(folder, (first, second)) as url:
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
