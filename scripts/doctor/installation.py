"""The installation itself: Python, packages against the lock, encoder files, keys and their modes."""

from __future__ import annotations

import re
import stat
import sys
from importlib import metadata
from pathlib import Path

from models.encoder import ModelUnavailable
from models.manifest import changed_files, prepared_folder, read_manifest, sha256_of
from models.settings import EncoderSettings
from router.security.secrets import SecretUnusable, load_secrets
from router.settings import SecuritySettings, Settings
from scripts.doctor.findings import Findings, fail, ok, skip, warn

ROOT = Path(__file__).resolve().parents[2]
_LEAST_PYTHON = (3, 11)
_SHOWN = 5
_LEAST_MIB_ROUNDS = 38


def python() -> Findings:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _LEAST_PYTHON:
        yield fail(
            "python",
            (f"Python {version} 太旧", f"Python {version} is too old"),
            ("安装 Python 3.11 或更新，再 make prepare", "install Python 3.11 or newer, then make prepare"),
        )
    else:
        yield ok("python", f"Python {version}", f"Python {version}")


def packages(lock: Path = ROOT / "requirements.lock") -> Findings:
    """Each package of the lock is installed, in its version."""
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))
    missing, other = [], []
    for name, version in pinned.items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if installed.split("+")[0] != version:
            other.append(f"{name} {installed}≠{version}")
    advice = ("运行 make prepare", "run make prepare")
    if missing:
        names = ", ".join(missing[:_SHOWN])
        yield fail(
            "packages", (f"缺少 {len(missing)} 个包：{names}", f"{len(missing)} packages are missing: {names}"), advice
        )
    if other:
        names = ", ".join(other[:_SHOWN])
        yield warn(
            "packages",
            (f"{len(other)} 个包的版本与锁定的不同：{names}", f"{len(other)} packages differ from the lock: {names}"),
            advice,
        )
    if not missing and not other:
        yield ok("packages", f"{len(pinned)} 个包与锁定的版本一致", f"{len(pinned)} packages are as locked")


def encoder(settings: EncoderSettings) -> Findings:
    """The prepared encoder is there and its files are the ones that were written."""
    if settings.name == "hashing" and settings.folder is None:
        yield warn(
            "encoder",
            ("编码器是只供测试的 hashing", "the encoder is `hashing`, which is for tests only"),
            ("把 encoder.name 改回 multilingual-e5-small", "set encoder.name to multilingual-e5-small"),
        )
        return
    folder = prepared_folder(settings)
    advice = (
        "运行 make prepare；换过编码器的话再 make reindex",
        "run make prepare, and make reindex after a change of encoder",
    )
    try:
        manifest = read_manifest(folder)
    except ModelUnavailable as fault:
        yield fail("encoder", (f"编码器不可用：{fault}", f"the encoder cannot be used: {fault}"), advice)
        return
    broken = [file.path for file in manifest.files if sha256_of(folder / file.path) != file.sha256]
    broken += list(changed_files(folder, manifest.files))
    if broken:
        yield fail(
            "encoder",
            (f"编码器文件与校验和不符：{broken[0]}", f"an encoder file does not match its hash: {broken[0]}"),
            advice,
        )
        return
    size = sum(file.size for file in manifest.files) / 1e6
    yield ok(
        "encoder",
        f"{manifest.name}（{manifest.precision}，{size:.0f} MB，校验和相符）",
        f"{manifest.name} ({manifest.precision}, {size:.0f} MB, hashes match)",
    )


def keys(settings: Settings) -> Findings:
    """Keys can be read, and by nobody else."""
    folder, security = settings.data_dir / "secrets", settings.security
    given = (security.token_key, security.lookup_key, *security.sealing_keys)
    if not folder.exists() and not all(given):
        yield skip("secrets", "密钥会在第一次启动时生成", "keys are made at the first start")
        return
    if folder.exists():
        yield from _modes(folder, settings.data_dir / "admin-password")
    if (
        folder.exists()
        and {file.name for file in folder.iterdir()} < {"tokens", "sealing", "lookup"}
        and not all(given)
    ):
        yield fail(
            "secrets",
            ("密钥文件不全", "a key file is missing"),
            (
                "从备份恢复 secrets 文件夹；缺了它，已加密的资料打不开",
                "restore the folder `secrets` from the backup; without it sealed fields cannot be opened",
            ),
        )
        return
    try:
        load_secrets(
            folder, token_key=security.token_key, sealing_keys=security.sealing_keys, lookup_key=security.lookup_key
        )
    except (SecretUnusable, OSError) as fault:
        yield fail(
            "secrets",
            (f"密钥不可用：{fault}", f"a key cannot be used: {fault}"),
            ("检查 YINGDA_SECURITY__* 与 secrets 文件夹", "look at YINGDA_SECURITY__* and the folder `secrets`"),
        )
        return
    yield ok("secrets", "密钥可读", "keys can be read")


def passwords(security: SecuritySettings) -> Findings:
    """A stolen hash costs whoever guesses at least what OWASP asks of argon2id: 19 MiB, gone through twice."""
    mib, rounds = security.password_memory_mib, security.password_rounds
    if mib * rounds < _LEAST_MIB_ROUNDS:
        yield warn(
            "passwords",
            (f"密码散列太便宜：{mib} MiB × {rounds} 遍", f"password hashes are cheap: {mib} MiB, {rounds} times"),
            (
                "去掉 security.password_memory_mib 与 password_rounds 的改动",
                "leave security.password_memory_mib and password_rounds as they were",
            ),
        )
        return
    yield ok("passwords", f"密码散列 {mib} MiB × {rounds} 遍", f"password hashes take {mib} MiB, {rounds} times")


def _modes(folder: Path, password: Path) -> Findings:
    for path in (folder, *sorted(folder.iterdir()), *((password,) if password.exists() else ())):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            wanted = "700" if path.is_dir() else "600"
            yield fail(
                "secrets",
                (f"{path} 的权限是 {mode:o}，别人也能读", f"{path} has mode {mode:o}: others can read it"),
                (f"chmod {wanted} {path}", f"chmod {wanted} {path}"),
            )
