"""The machine: disk, its speed at making things durable, memory, descriptors, the port, the data folder."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import statistics
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from router.settings import Settings
from scripts.doctor.findings import Findings, fail, ok, skip, timed, warn

_LITTLE_DISK, _LEAST_DISK = 5e9, 1e9
_LITTLE_MEMORY = 1e9
_SLOW_SYNC_SECONDS = 0.010
_SYNCS = 20


def data_folder(settings: Settings) -> Findings:
    folder = settings.data_dir
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        yield fail(
            "data_dir",
            (f"不能写入 {nearest}", f"{nearest} cannot be written"),
            (
                "换一个 data_dir，或者把它的属主改成运行应答的账号",
                "choose another data_dir, or give it to the account that runs the program",
            ),
        )
        return
    free = shutil.disk_usage(nearest).free
    words = f"{folder}：还有 {free / 1e9:.1f} GB", f"{folder}: {free / 1e9:.1f} GB free"
    advice = ("腾出空间；附件和聊天记录怎么归档见 docs/operators.md", "make room; archiving is in docs/operators.md")
    if free < _LEAST_DISK:
        yield fail("disk", words, advice)
    elif free < _LITTLE_DISK:
        yield warn("disk", words, advice)
    else:
        yield ok("disk", *words)
    yield from _sync_time(nearest)


def _sync_time(folder: Path) -> Findings:
    """How long the disk takes to make 8 KB durable: with the embedded database every message waits for it."""
    with tempfile.TemporaryFile(dir=folder) as file:

        def write() -> None:
            os.pwrite(file.fileno(), b"x" * 8192, 0)
            os.fdatasync(file.fileno())

        median = statistics.median(timed(write) for _ in range(_SYNCS))
    words = f"fdatasync 中位数 {median * 1000:.2f} 毫秒", f"fdatasync takes {median * 1000:.2f} ms (median)"
    if median > _SLOW_SYNC_SECONDS:
        yield warn(
            "fdatasync",
            words,
            (
                "每条消息都要等它：换 SSD，或把数据库放到更快的盘上",
                "every message waits for it: use an SSD, or put the database on a faster disk",
            ),
        )
    else:
        yield ok("fdatasync", *words)


def memory() -> Findings:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    available = int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1]) * 1024
    words = f"可用内存 {available / 1e9:.1f} GB", f"{available / 1e9:.1f} GB of memory available"
    if available < _LITTLE_MEMORY:
        yield warn(
            "memory",
            words,
            ("一个进程要 0.5 GB 左右，见 docs/scaling.md", "a process takes about 0.5 GB, see docs/scaling.md"),
        )
    else:
        yield ok("memory", *words)


def descriptors(settings: Settings) -> Findings:
    """The program raises its own soft limit; the hard one is the system's."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = settings.limits.connections + 500
    if hard != resource.RLIM_INFINITY and hard < needed:
        yield warn(
            "open_files",
            (
                f"最多能开 {hard} 个文件，limits.connections 需要 {needed}",
                f"{hard} files may be open, limits.connections needs {needed}",
            ),
            (
                "提高 ulimit -n（systemd：LimitNOFILE=），或者调低 limits.connections",
                "raise ulimit -n (systemd: LimitNOFILE=), or lower limits.connections",
            ),
        )
    else:
        yield ok("open_files", f"能开的文件数足够（{hard}）", f"enough files may be open ({hard})")


def port(settings: Settings) -> Findings:
    """Whether our program listens there, somebody else does, or nobody."""
    server = settings.server
    host = "127.0.0.1" if server.host in ("0.0.0.0", "::", "") else server.host
    where = f"{host}:{server.port}"
    try:
        with socket.create_connection((host, server.port), timeout=2):
            pass
    except OSError:
        yield skip("port", f"{where} 没有程序在监听", f"nothing listens on {where}")
        return
    answer = ask(f"http://{where}/livez")
    if answer is None or answer[0] != 200:
        yield fail(
            "port",
            (f"{where} 被别的程序占用", f"another program listens on {where}"),
            ("换 server.port，或者停掉那个程序", "choose another server.port, or stop that program"),
        )
        return
    ready = ask(f"http://{where}/readyz")
    if ready is not None and ready[0] == 200:
        yield ok("server", f"应答正在 {where} 运行，已就绪", f"the server runs on {where} and is ready")
    else:
        reason = "" if ready is None else ready[1][:200]
        yield fail(
            "server",
            (f"应答在 {where} 运行，但没有就绪：{reason}", f"the server runs on {where} and is not ready: {reason}"),
            ("看上面的原因；刚启动的话等一会儿再试", "see the reason; after a start wait a moment"),
        )


def proxies(settings: Settings, numbers: Mapping[str, float]) -> Findings:
    """Proxies in front are named, so that customers have addresses of their own. ``numbers``: the server's metrics."""
    unbelieved = numbers.get("yingda_unbelieved_proxies_total", 0)
    if unbelieved:
        yield fail(
            "proxies",
            (
                f"有 {unbelieved:.0f} 个请求经过没有登记的反向代理：客户看起来都来自同一个地址",
                f"{unbelieved:.0f} requests came through a proxy that is not named: customers share one address",
            ),
            ("把代理的地址写进 server.trusted_proxies", "put the proxy's address into server.trusted_proxies"),
        )
    elif settings.server.trusted_proxies:
        named = ", ".join(settings.server.trusted_proxies)
        yield ok("proxies", f"信任的反向代理：{named}", f"trusted proxies: {named}")
    elif settings.server.host not in ("127.0.0.1", "localhost", "::1"):
        yield warn(
            "proxies",
            ("直接监听在网络上，没有登记反向代理", "listens on the network, and no proxy is named"),
            (
                "在前面放带 TLS 的反向代理（deploy/nginx.conf），并写进 server.trusted_proxies",
                "put a proxy with TLS in front (deploy/nginx.conf) and name it in server.trusted_proxies",
            ),
        )
    else:
        yield skip("proxies", "只在本机监听，没有反向代理", "listens on this machine only, without a proxy")


def ask(url: str) -> tuple[int, str] | None:
    """Status and body of our own server; None where nothing like HTTP answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=3) as response:
            return response.status, response.read(1_000_000).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(1_000).decode("utf-8", "replace")
    except (OSError, ValueError):
        return None
