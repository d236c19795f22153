"""A client of Redis that never waits for long and tries nothing twice by itself: whoever asks knows what to do then."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_SECONDS = 2.0


def connect(url: str) -> Redis:
    """Connects at the first question; raises `redis.RedisError`, `OSError` or `TimeoutError` then, not before."""
    return Redis.from_url(
        url,
        socket_timeout=_SECONDS,
        socket_connect_timeout=_SECONDS,
        retry=Retry(NoBackoff(), 0),
        retry_on_error=[],
        health_check_interval=0,
        client_name="yingda",
    )
