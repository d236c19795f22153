"""Makes and configures the embedded cluster: one private socket, its owner only, all durability switched on."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import IO

from database.errors import EmbeddedPostgresFailed
from database.place import Place, write_atomically
from database.postmaster import DATABASE, ROLE

_CONFIGURATION = """\
# Written anew at each start. Change settings with ALTER SYSTEM.
hba_file = {hba}
ident_file = {ident}
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'

max_connections = 100
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 1GB
min_wal_size = 80MB
max_parallel_workers_per_gather = 0
jit = off
random_page_cost = 1.1

fsync = on
full_page_writes = on
synchronous_commit = on

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
datestyle = 'iso, ymd'
default_text_search_config = 'pg_catalog.simple'

# A week of logs, without statements, parameters or rows: they hold what people wrote.
logging_collector = on
log_directory = {logs}
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] '
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off
"""


def make_cluster(place: Place) -> None:
    """initdb with our database in it; appears whole or not at all."""
    fresh = place.home / "data.new"
    if fresh.exists():
        shutil.rmtree(fresh)  # left by a process that was killed here
    fresh.mkdir(mode=0o700)
    fresh.chmod(0o700)
    place.hand_over(fresh)
    # The built-in C.UTF-8 sorts the same on every machine, whatever locales it has.
    _run(
        place,
        "initdb",
        f"--pgdata={fresh}",
        f"--username={ROLE}",
        "--auth=peer",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
    )
    _run(
        place,
        "postgres",
        "--single",
        "-D",
        str(fresh),
        "-c",
        "fsync=on",
        "postgres",
        text=f"create database {DATABASE}\n",
    )
    fresh.rename(place.data)


def configure(place: Place) -> Path:
    """Writes the server's configuration outside of the cluster and returns its main file."""
    hba = place.configuration / "pg_hba.conf"
    ident = place.configuration / "pg_ident.conf"
    # Not the account as such: under ``nobody`` other programs run as well.
    users = {pwd.getpwuid(uid).pw_name for uid in (os.geteuid(), place.home.stat().st_uid)}
    write_atomically(hba, "".join(f"local {what} all peer map=owner\n" for what in ("all", "replication")))
    write_atomically(ident, "".join(f'owner "{user}" {ROLE}\n' for user in sorted(users)))
    main = place.configuration / "postgresql.conf"
    write_atomically(main, _CONFIGURATION.format(hba=_quoted(hba), ident=_quoted(ident), logs=_quoted(place.logs)))
    return main


def start_server(
    place: Place, socket_folder: Path, output: int | IO[bytes] = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Starts it on the place's cluster, in a session of its own: Ctrl+C in the terminal is for us, and it outlives us.

    What it says before its log begins goes to ``output``.
    """
    identity = _account_arguments(place)
    return subprocess.Popen(
        [
            *(str(place.binaries / "bin" / "postgres"), "-D", str(place.data)),
            *("-c", f"config_file={configure(place)}", "-k", str(socket_folder)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=place.home,
        env=clean_environment(),
        umask=0o077,
        start_new_session=True,
        user=identity.get("user"),
        group=identity.get("group"),
        extra_groups=[] if identity else None,
    )


def check_version(place: Place) -> None:
    """Refuses a cluster of another major version than the binaries'."""
    cluster = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
    binaries = _run(place, "postgres", "--version").split()[2].split(".")[0]
    if cluster != binaries:
        raise EmbeddedPostgresFailed(
            f"the database in {place.data} was written by PostgreSQL {cluster}, the installed one is {binaries}: "
            "dump it with the old version first"
        )


def clean_environment() -> dict[str, str]:
    """No PGDATA, PGPORT and the like of the caller."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _run(place: Place, program: str, *arguments: str, text: str = "") -> str:
    identity = _account_arguments(place)
    try:
        done = subprocess.run(
            [str(place.binaries / "bin" / program), *arguments],
            check=False,
            input=text,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=place.home,
            env=clean_environment(),
            umask=0o077,
            user=identity.get("user"),
            group=identity.get("group"),
            extra_groups=[] if identity else None,
        )
    except OSError as error:
        raise EmbeddedPostgresFailed(f"{program} could not be run as {place.account.name}: {error}") from error
    if done.returncode != 0:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise EmbeddedPostgresFailed(f"{program} failed: {' / '.join(said[-3:]) or f'exit {done.returncode}'}")
    return done.stdout


def _account_arguments(place: Place) -> dict[str, int]:
    """What `subprocess` needs to run as the place's account."""
    return {"user": place.account.uid, "group": place.account.gid} if place.foreign else {}


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
