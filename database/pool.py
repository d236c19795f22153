"""The pool of connections: starts while the server is down, heals after outages, says quickly that it is down.

Refuses to report a COMMIT that the server only holds itself where it was to wait for its replica.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

import asyncpg
import msgspec

from database.errors import DatabaseUnavailable
from database.servers import Servers
from database.settings import DatabaseSettings

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    #: asyncpg's classes take their type parameter in its stubs only, so these names exist for annotations only.
    PlainConnection = asyncpg.Connection[asyncpg.Record]
    PooledConnection = PoolConnectionProxy[asyncpg.Record]
    AnyConnection = PlainConnection | PooledConnection
else:
    PlainConnection = asyncpg.Connection

__all__ = ["Database", "DatabaseUnavailable"]

#: Reaching the server and waiting for a free connection together take no longer than this.
ACQUIRE_SECONDS = 3.0
_RETRY_SECONDS = 0.25
_PROBE_SECONDS = 1.0
#: A pool that gives no connection away for so long is at work, or all of it waits for a server that is no more.
_BUSY_SECONDS = 2.0
#: More than this program has.
_STATEMENTS = 2_000
#: A process that stops in the middle of a transaction must not hold its rows for ever.
_IDLE_IN_TRANSACTION_SECONDS = 30

#: The server is gone, going, not yet there, has no room, or is no primary any more.
_LOST = (
    asyncpg.PostgresConnectionError,  # class 08
    asyncpg.OperatorInterventionError,  # class 57: shut down, crashed, starting up
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,
    asyncpg.InvalidCatalogNameError,  # the database itself is missing
    asyncpg.ReadOnlySQLTransactionError,  # 25006: nothing of ours only reads on purpose
    ConnectionError,
)


#: Where the server says that it was told to wait for its replica no longer; its words differ by language.
_NOT_REPLICATED = "SyncRepWaitForLSN"


class _Connection(PlainConnection):
    """Nothing in this program leaves state in a session, so giving a connection back needs no round trip."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: One for each transaction that was committed here and that the replica may not have.
        self.unconfirmed: list[str] = []

    def get_reset_query(self) -> str:
        return ""

    def _process_log_message(self, fields: dict[str, str], last_query: str) -> None:
        """Comes before the answer to the COMMIT that it is about, which says that all is well."""
        if fields.get("R") == _NOT_REPLICATED:
            self.unconfirmed.append(fields.get("M", ""))


class Database:
    """All access to Postgres from one process.

    JSON columns are Python objects on both sides, times are aware and in UTC. Whatever means "the server is not there
    or went away" is raised as `DatabaseUnavailable`; whether an open transaction was committed is then unknown.
    """

    def __init__(self, dsn: str, settings: DatabaseSettings) -> None:
        self.dsn = dsn
        self._servers = Servers(dsn)
        self._settings = settings
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._wake = asyncio.Event()
        self._reason = "not started"
        self._closing = False

    async def start(self) -> None:
        """Begins to connect and keeps trying; returns after the first try, whatever came of it."""
        if self._keeper is None:
            self._reason = "connecting"
            first_try = asyncio.Event()
            self._keeper = asyncio.create_task(self._keep(first_try), name="database")
            await first_try.wait()

    async def close(self) -> None:
        """Waits a little for open work, then closes every connection."""
        if self._keeper is not None:
            self._closing = True  # asyncpg may swallow the cancellation of a probe under way
            self._keeper.cancel()
            await asyncio.wait({self._keeper}, timeout=ACQUIRE_SECONDS)
            self._keeper = None
        self._set_down("closed")
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), timeout=5)
            except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                pool.terminate()

    @property
    def ready(self) -> bool:
        """Whether the server answered when it was last asked."""
        return self._ready.is_set()

    def usage(self) -> dict[str, int]:
        """How many connections are busy and idle, and how many there may be."""
        pool, most = self._pool, self._settings.pool_max
        if pool is None:
            return {"busy": 0, "idle": 0, "most": most}
        idle = pool.get_idle_size()
        return {"busy": pool.get_size() - idle, "idle": idle, "most": most}

    @property
    def reason(self) -> str:
        """Why it is not ready, in a few words; empty when it is."""
        return "" if self.ready else self._reason

    async def wait_ready(self, timeout_seconds: float | None = None) -> None:
        """Waits until the server answers; `DatabaseUnavailable` when that takes longer than allowed."""
        try:
            await asyncio.wait_for(self._ready.wait(), timeout_seconds)
        except TimeoutError as error:
            raise DatabaseUnavailable(self._reason) from error

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[PooledConnection]:
        """One connection for the time of the block."""
        pool = self._pool
        if pool is None:
            raise DatabaseUnavailable(self._reason)
        try:
            connection = await pool.acquire(timeout=ACQUIRE_SECONDS)
        except TimeoutError as error:
            raise DatabaseUnavailable("no connection became free in time") from error
        except (*_LOST, asyncpg.InterfaceError, asyncpg.PostgresError, OSError) as error:
            self._suspect(error)
            raise DatabaseUnavailable(self._reason) from error
        unconfirmed: list[str] = connection.unconfirmed  # type: ignore[attr-defined]
        before = len(unconfirmed)
        try:
            yield connection
            if len(unconfirmed) > before:
                raise DatabaseUnavailable("the replica did not confirm what was committed")
        except (*_LOST, TimeoutError) as error:
            if isinstance(error, asyncpg.QueryCanceledError):
                raise
            if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
                await self._leave(connection)
            self._suspect(error)
            raise DatabaseUnavailable(self._reason) from error
        except asyncpg.InterfaceError as error:
            if not _is_closed(connection):
                raise
            self._suspect(error)
            raise DatabaseUnavailable(self._reason) from error
        finally:
            with suppress(*_LOST, asyncpg.InterfaceError, OSError, TimeoutError):
                await pool.release(connection, timeout=ACQUIRE_SECONDS)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PooledConnection]:
        """One connection with an open transaction: committed at the end of the block, rolled back by an exception."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def fetch(self, sql: str, *args: object) -> list[asyncpg.Record]:
        async with self.connection() as connection:
            return await connection.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: object) -> asyncpg.Record | None:
        async with self.connection() as connection:
            return await connection.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:
        async with self.connection() as connection:
            return await connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> str:
        """Runs a statement and returns its command tag, such as ``UPDATE 1``."""
        async with self.connection() as connection:
            return await connection.execute(sql, *args)

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Runs a statement for every row in one transaction."""
        async with self.connection() as connection:
            await connection.executemany(sql, rows)

    async def _keep(self, first_try: asyncio.Event) -> None:
        """Makes the pool as soon as that is possible, then asks the server now and then whether it is there."""
        while not self._closing:
            try:
                await asyncio.wait_for(self._probe(), timeout=ACQUIRE_SECONDS)
                self._ready.set()
            except (*_LOST, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                self._set_down(_describe(error))
                if self._pool is not None and isinstance(error, TimeoutError):
                    await self._pool.expire_connections()  # they may lead to a machine that is no more
                    await self._look_elsewhere()
            first_try.set()
            self._wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _PROBE_SECONDS if self.ready else _RETRY_SECONDS)

    async def _probe(self) -> None:
        if self._pool is None:
            self._pool = await self._make_pool()
            return
        started = time.monotonic()
        try:
            connection = await self._pool.acquire(timeout=_BUSY_SECONDS)
        except TimeoutError:
            if self._pool.get_size() < self._settings.pool_max or time.monotonic() - started < _BUSY_SECONDS / 2:
                raise
            await self._look_elsewhere()
            return  # every connection is at work: busy, not down
        try:
            if await connection.fetchval("select current_setting('transaction_read_only')") == "on":
                await self._leave(connection)
                raise asyncpg.ReadOnlySQLTransactionError("it only reads")
        finally:
            await self._pool.release(connection)

    async def _look_elsewhere(self) -> None:
        """Where another server takes writes now, what waits for the old one ends."""
        if self._servers.are_several:
            with suppress(*_LOST, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                await (await self._servers.connect(timeout=ACQUIRE_SECONDS)).close(timeout=_PROBE_SECONDS)

    async def _leave(self, connection: PooledConnection) -> None:
        """This server takes no writes any more: every connection is made anew before it is used again."""
        connection.terminate()
        if self._pool is not None:
            await self._pool.expire_connections()

    async def _make_pool(self) -> asyncpg.Pool[asyncpg.Record]:
        statement_seconds = self._settings.statement_timeout_seconds
        return await asyncpg.create_pool(
            self.dsn,
            min_size=self._settings.pool_min,
            max_size=self._settings.pool_max,
            connect=cast("Any", self._servers.connect),  # the stubs know no keywords
            connection_class=_Connection,
            init=_prepare,
            timeout=ACQUIRE_SECONDS,
            # Connecting and preparing take longer than a turn may: what was opened and prepared once is kept.
            max_inactive_connection_lifetime=0,
            max_cached_statement_lifetime=0,
            statement_cache_size=_STATEMENTS,
            # A server that no longer answers at all is noticed here, a slow statement by the server itself.
            command_timeout=statement_seconds + 2,
            server_settings={
                "application_name": "yingda",
                "statement_timeout": str(int(statement_seconds * 1000)),
                "idle_in_transaction_session_timeout": str(_IDLE_IN_TRANSACTION_SECONDS * 1000),
                "timezone": "UTC",
            },
        )

    def _suspect(self, error: BaseException) -> None:
        self._set_down(_describe(error))
        self._wake.set()

    def _set_down(self, reason: str) -> None:
        self._reason = reason
        self._ready.clear()


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda data: msgspec.json.decode(data[1:]),
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", format="binary", encoder=msgspec.json.encode, decoder=msgspec.json.decode
    )


def _is_closed(connection: PooledConnection) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has already taken a lost connection away
        return True


def _describe(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "the database does not answer"
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return "the database is not running"
    return f"the database is not available: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
