"""What is outside: Redis, mail server, SMS gateway, robots, file store, virus scanner; nothing is sent to anybody."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiosmtplib
import redis.asyncio
from redis.exceptions import RedisError

from router.errors import NotFound
from router.notifications.settings import NotificationSettings
from router.settings import Settings
from router.uploads.settings import UploadSettings
from router.uploads.storage import StorageAway, open_storage
from scripts.doctor.findings import Finding, cause_of, fail, ok, place_of, skip, warn

_SECONDS = 5.0
_SLOW_REDIS_SECONDS = 0.02


async def wire(settings: Settings) -> AsyncIterator[Finding]:
    """Redis, which several processes talk over."""
    url = settings.redis.url
    if url is None:
        if getattr(settings.server, "workers", 1) > 1 and shutil.which("redis-server") is None:
            yield fail(
                "redis",
                (
                    "多个进程需要 Redis，这台机器上没有 redis-server",
                    "several processes need Redis, and this machine has no redis-server",
                ),
                ("安装 redis-server，或者设置 redis.url", "install redis-server, or set redis.url"),
            )
        else:
            yield skip("redis", "没有设置 Redis（一个进程不需要）", "no Redis is set (one process needs none)")
        return
    client = redis.asyncio.Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
    try:
        await client.ping()
        began = time.perf_counter()
        await client.ping()
        took = time.perf_counter() - began
    except (RedisError, OSError, TimeoutError, ValueError) as fault:
        yield fail(
            "redis",
            (
                f"连不上 Redis {place_of(url)}（{cause_of(fault)}）",
                f"Redis {place_of(url)} cannot be reached ({cause_of(fault)})",
            ),
            (
                "聊天会继续，但别的进程上的消息最多晚 15 秒；检查 redis.url 和 Redis",
                "chat goes on, with up to 15 s delay between processes; look at redis.url and Redis",
            ),
        )
        return
    finally:
        await client.aclose()
    words = (
        f"Redis {place_of(url)}，往返 {took * 1000:.1f} 毫秒",
        f"Redis {place_of(url)}, {took * 1000:.1f} ms there and back",
    )
    if took > _SLOW_REDIS_SECONDS:
        yield warn(
            "redis", words, ("太远或太忙：放在同一个机房", "too far or too busy: put it into the same data centre")
        )
    else:
        yield ok("redis", *words)


async def mail(settings: NotificationSettings) -> AsyncIterator[Finding]:
    """Signs in at the mail server and leaves."""
    given = settings.mail
    if given.host is None:
        yield skip("mail", "没有设置邮件", "no mail is set up")
        return
    where = f"{given.host}:{given.port}"
    server = aiosmtplib.SMTP(
        hostname=given.host,
        port=given.port,
        use_tls=given.security == "tls",
        start_tls=given.security == "starttls",
        timeout=_SECONDS,
        username=given.username,
        password=settings.mail_password if given.username else None,
    )
    try:
        async with asyncio.timeout(3 * _SECONDS):
            await server.connect()
            await server.quit()
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as fault:
        yield fail(
            "mail",
            (
                f"邮件服务器 {where} 不可用（{cause_of(fault)}）",
                f"the mail server {where} does not work ({cause_of(fault)})",
            ),
            (
                "检查 notifications.mail 的地址、端口、security、账号和密码",
                "look at host, port, security, account and password of notifications.mail",
            ),
        )
    else:
        yield ok("mail", f"邮件服务器 {where} 可用", f"the mail server {where} works")


async def gateways(settings: NotificationSettings) -> AsyncIterator[Finding]:
    """SMS gateway and robots: whether something listens there."""
    if settings.sms.url is None:
        yield skip("sms", "没有设置短信", "no SMS gateway is set")
    else:
        yield await _listens("sms", "短信网关", "SMS gateway", settings.sms.url, "notifications.sms.url")
    for name, url in settings.robot_urls.items():
        yield await _listens(f"robot {name}", f"群机器人 {name}", f"robot {name}", url, "notifications.robots")


async def store(settings: UploadSettings, scanner: str | None) -> AsyncIterator[Finding]:
    """Asks the bucket for a file that is not there; and the virus scanner whether it listens."""
    if settings.url is None:
        yield skip("storage", "附件存在本机文件夹", "files are kept in a folder of this machine")
    else:
        try:
            async with asyncio.timeout(4 * _SECONDS), open_storage(settings, Path()).read("doctor/nothing"):
                pass
        except NotFound:
            yield ok(
                "storage",
                f"文件存储 {place_of(settings.endpoint or settings.url)} 可用",
                f"the file store {place_of(settings.endpoint or settings.url)} works",
            )
        except (StorageAway, TimeoutError) as fault:
            yield fail(
                "storage",
                (
                    f"文件存储不可用（{cause_of(fault.__cause__ or fault)}）",
                    f"the file store does not work ({cause_of(fault.__cause__ or fault)})",
                ),
                (
                    "检查 uploads.url、endpoint、region 和 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY",
                    "look at uploads.url, endpoint, region and AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
                ),
            )
    if scanner is not None:
        yield await _listens("scanner", "病毒扫描", "virus scanner", scanner, "uploads.clamd")


async def _listens(check: str, zh: str, en: str, url: str, setting: str) -> Finding:
    parts, where = urlsplit(url), place_of(url)
    try:
        async with asyncio.timeout(_SECONDS):
            if parts.hostname is None:
                _, writer = await asyncio.open_unix_connection(parts.path)
            else:
                port = parts.port or (443 if parts.scheme == "https" else 80)
                _, writer = await asyncio.open_connection(parts.hostname, port)
            writer.close()
    except (OSError, TimeoutError, ValueError) as fault:
        return fail(
            check,
            (f"{zh} {where} 连不上（{cause_of(fault)}）", f"{en} {where} cannot be reached ({cause_of(fault)})"),
            (f"检查 {setting} 与防火墙", f"look at {setting} and the firewall"),
        )
    return ok(check, f"{zh} {where} 能连上", f"{en} {where} can be reached")
