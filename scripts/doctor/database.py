"""The database: reachable, new enough, durable, migrated, not bloated, nobody in the way; and the index it names."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg

from database.durability import check
from database.embedded import EmbeddedPostgres
from database.migrate import current
from database.queries import load_queries
from database.servers import connect, hosts_of
from models.encoder import ModelUnavailable
from models.loading import fingerprint_of
from router.retention.months import Month
from router.settings import Settings
from scripts.doctor.findings import Finding, cause_of, fail, ok, place_of, skip, warn

if TYPE_CHECKING:
    from database.pool import PlainConnection

_LEAST_VERSION = 150_000
_CONNECT_SECONDS = 5
_SKEW_SECONDS, _WORST_SKEW_SECONDS = 2.0, 30.0
_LONG_SECONDS = 300.0
_DEAD_SHARE = 0.3
_OLD_TRANSACTIONS = 1_000_000_000


async def database(settings: Settings) -> AsyncIterator[Finding]:
    """Looks at the configured database, or at the embedded one while it runs; starts none."""
    dsn = settings.database.url
    if dsn is None:
        dsn = await EmbeddedPostgres(settings.data_dir).attach()
        if dsn is None:
            yield skip(
                "database",
                "自带的数据库没有在运行（随服务启动）",
                "the embedded database does not run (it starts with the server)",
            )
            return
    try:
        connection = await connect(dsn, timeout=_CONNECT_SECONDS, command_timeout=30)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as fault:
        where = ", ".join(host if port is None else f"{host}:{port}" for host, port in hosts_of(dsn)) or place_of(dsn)
        yield fail(
            "database",
            (f"连不上 {where}（{cause_of(fault)}）", f"{where} cannot be reached ({cause_of(fault)})"),
            (
                "数据库在运行吗？database.url 的地址、账号、密码、pg_hba.conf 对吗？",
                "does it run? are address, account and password in database.url and pg_hba.conf right?",
            ),
        )
        return
    try:
        for finding in [one async for one in _looked_at(connection, settings)]:
            yield finding
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as fault:
        yield fail(
            "database",
            (f"查询失败（{cause_of(fault)}）", f"a query failed ({cause_of(fault)})"),
            ("看数据库的日志", "look at the database's log"),
        )
    finally:
        await connection.close(timeout=5)


async def _looked_at(connection: PlainConnection, settings: Settings) -> AsyncIterator[Finding]:
    sql = load_queries(__file__)
    version = await connection.fetchval(sql["server_version"])
    name = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version < _LEAST_VERSION:
        yield fail(
            "database_version", (f"{name} 太旧", f"{name} is too old"), ("升级到 15 或更新", "upgrade to 15 or newer")
        )
    else:
        yield ok("database_version", name, name)
    unsafe = await check(connection, allow_unsafe=True)
    if unsafe:
        names = ", ".join(f"{one}=off" for one in unsafe)
        yield fail(
            "durability",
            (f"{names}：断电会丢已确认的消息", f"{names}: a power cut loses acknowledged messages"),
            ("在 postgresql.conf 里打开", "turn it on in postgresql.conf"),
        )
    else:
        yield ok("durability", "已确认的消息断电不丢", "acknowledged messages survive a power cut")
    if settings.database.url is not None and len(hosts_of(settings.database.url)) > 1:
        yield await _replicas(connection, sql["replicas"])
    for one in await _clock(connection, sql["server_time"]):
        yield one
    if not await current(connection):
        yield warn(
            "migrations",
            ("数据库的结构不是这一版程序的", "the schema is not this program's"),
            (
                "启动这一版程序会自动升级；如果数据库更新，请装更新的程序",
                "a start of this program upgrades it; if the database is newer, install the newer program",
            ),
        )
        return
    yield ok("migrations", "结构是最新的", "the schema is current")
    for look in (_room, _in_the_way, _log, _index):
        for one in [each async for each in look(connection, settings)]:
            yield one


async def _replicas(connection: PlainConnection, sql: str) -> Finding:
    row = await connection.fetchrow(sql)
    assert row is not None
    if row["waits"] and not row["only_here"]:
        return ok("replica", "每次提交都等备库确认", "every commit waits for a replica")
    return warn(
        "replica",
        (
            "提交不等备库确认：换主时，最后几条确认过的消息可能没有了",
            "commits wait for no replica: when it takes over, the last acknowledged messages may be gone",
        ),
        (
            "在 postgresql.conf 里写 synchronous_standby_names，synchronous_commit = on",
            "set synchronous_standby_names in postgresql.conf, and synchronous_commit = on",
        ),
    )


async def _clock(connection: PlainConnection, sql: str) -> list[Finding]:
    before = time.time()
    there = await connection.fetchval(sql)
    skew = abs(there - (before + time.time()) / 2)
    words = f"与数据库的时钟相差 {skew:.1f} 秒", f"this clock and the database's differ by {skew:.1f} s"
    advice = (
        "两边都打开时间同步（chrony 或 systemd-timesyncd）",
        "switch time synchronisation on at both (chrony, systemd-timesyncd)",
    )
    if skew > _WORST_SKEW_SECONDS:
        return [fail("clock", words, advice)]
    return [warn("clock", words, advice) if skew > _SKEW_SECONDS else ok("clock", *words)]


async def _room(connection: PlainConnection, settings: Settings) -> AsyncIterator[Finding]:
    sql = load_queries(__file__)
    size = await connection.fetchval(sql["database_size"]) / 1e9
    yield ok("database_size", f"数据库 {size:.2f} GB", f"the database takes {size:.2f} GB")
    row = await connection.fetchrow(sql["connections"])
    assert row is not None
    words = f"连接 {row['used']}/{row['most']}", f"{row['used']} of {row['most']} connections"
    if row["most"] - row["used"] < settings.database.pool_max:
        yield warn(
            "connections",
            words,
            (
                "提高 max_connections，或者调低 database.pool_max（每个进程各算各的）",
                "raise max_connections, or lower database.pool_max (it counts for each process)",
            ),
        )
    else:
        yield ok("connections", *words)
    bloated = await connection.fetch(sql["bloated_tables"], _DEAD_SHARE)
    for table in bloated:
        yield warn(
            "bloat",
            (
                f"表 {table['name']} 有 {table['dead']} 行死行（活行 {table['live']}）",
                f"table {table['name']} has {table['dead']} dead rows beside {table['live']}",
            ),
            (
                f"有没有很久不结束的事务？没有就 vacuum analyze {table['name']}，并看 autovacuum 是否打开",
                f"is a transaction open for long? if not: vacuum analyze {table['name']}, and switch autovacuum on",
            ),
        )
    if not bloated:
        yield ok("bloat", "没有膨胀的表", "no table is bloated")


async def _in_the_way(connection: PlainConnection, _: Settings) -> AsyncIterator[Finding]:
    sql = load_queries(__file__)
    long = await connection.fetch(sql["long_transactions"], _LONG_SECONDS)
    for one in long:
        who = f"{one['application'] or '?'}，pid {one['pid']}"
        yield warn(
            "long_transactions",
            (
                f"一个事务开了 {one['seconds'] / 60:.0f} 分钟（{who}）",
                f"a transaction has been open for {one['seconds'] / 60:.0f} minutes ({who})",
            ),
            (
                f"它挡住清理；确认没用后 select pg_terminate_backend({one['pid']})",
                f"it keeps dead rows alive; if nobody needs it: select pg_terminate_backend({one['pid']})",
            ),
        )
    if not long:
        yield ok("long_transactions", "没有长事务", "no long transactions")
    age = await connection.fetchval(sql["transaction_age"])
    if age > _OLD_TRANSACTIONS:
        yield fail(
            "transaction_age",
            (
                f"事务号已用 {age / 1e9:.1f} 十亿，到 21 亿会停",
                f"transaction numbers are {age / 1e9:.1f} thousand million old; at 2.1 it stops",
            ),
            (
                "vacuum freeze 整个库，并看 autovacuum 为什么没做",
                "vacuum freeze the database, and see why autovacuum did not",
            ),
        )


async def _log(connection: PlainConnection, _: Settings) -> AsyncIterator[Finding]:
    """The parts of the log: next month's is there, and nothing went beside them."""
    sql = load_queries(__file__)
    parts = await connection.fetch(sql["partitions"])
    following = Month.of(datetime.fromtimestamp(time.time(), UTC)).plus(1)
    has_next = any(
        not part["is_rest"]
        and (part["low"] is None or part["low"] <= following.low)
        and (part["high"] is None or following.low < part["high"])
        for part in parts
    )
    advice = (
        "服务在运行吗？它每小时建好以后三个月的分区；看日志里的 a part of the log",
        "does the server run? every hour it makes the parts of the next three months",
    )
    if not has_next:
        yield warn("partitions", ("下个月的分区还没有建", "next month's part of the log is not there"), advice)
    elif await connection.fetchval(sql["rows_in_rest"]):
        yield warn("partitions", ("有消息落在默认分区里", "events have gone beside the parts of the log"), advice)
    else:
        yield ok("partitions", f"日志有 {len(parts) - 1} 个分区", f"the log has {len(parts) - 1} parts")


async def _index(connection: PlainConnection, settings: Settings) -> AsyncIterator[Finding]:
    """The version that answers fits the encoder, and its folder is here."""
    row = await connection.fetchrow(load_queries(__file__)["serving_index"])
    if row is None:
        yield warn(
            "index",
            ("还没有知识索引", "there is no knowledge index yet"),
            ("启动服务，或 make reindex", "start the server, or make reindex"),
        )
        return
    number = row["version"]
    try:
        fits = row["tuned_encoder"] is not None or fingerprint_of(settings.encoder) == row["encoder_hash"]
    except (ModelUnavailable, OSError):
        yield skip(
            "index",
            f"索引第 {number} 版；编码器不可用，无法比对",
            f"index version {number}; without an encoder it cannot be compared",
        )
        return
    if not fits:
        yield fail(
            "index",
            (
                f"索引第 {number} 版是用另一个编码器（{row['encoder']}）建的",
                f"index version {number} was built with another encoder ({row['encoder']})",
            ),
            ("make reindex，或者换回那个编码器", "make reindex, or configure that encoder"),
        )
        return
    folder = settings.data_dir / "index" / str(number)
    if not folder.is_dir():
        yield warn(
            "index",
            (
                f"索引第 {number} 版的文件夹不在这台机器上",
                f"the folder of index version {number} is not on this machine",
            ),
            ("启动服务会从数据库重建它", "a start of the server makes it again from the database"),
        )
        return
    yield ok(
        "index",
        f"索引第 {number} 版，{row['articles']} 篇，与编码器相符",
        f"index version {number}, {row['articles']} articles, fits the encoder",
    )
