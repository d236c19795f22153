"""A prepared model and its heads without the original weights: what serves, for an image or another machine."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from models.heads import promising
from models.heads.kept import path_of
from models.loading import fingerprint_of
from models.manifest import FILE_NAME, SENTENCE_FOLDER, prepared_folder, read_manifest
from models.settings import EncoderSettings


def carry(settings: EncoderSettings, cache: Path, folders: Sequence[Path] = ()) -> Path:
    """Copies into the folder `cache` what serving the prepared model needs, about a fifth of it, and returns where.

    `cache` is then a `cache_dir` that serves the same settings; to train, the original is needed. `folders` hold the
    labelled messages that the heads were fitted with beside the shipped ones. Raises ModelUnavailable, OSError.
    """
    source = prepared_folder(settings)
    manifest = read_manifest(source)
    target = cache / source.name
    files = tuple(file for file in manifest.files if not file.path.startswith(f"{SENTENCE_FOLDER}/"))
    for file in files:
        _copy(source / file.path, target / file.path)
    carried = msgspec.structs.replace(manifest, files=files)
    (target / FILE_NAME).write_bytes(msgspec.json.format(msgspec.json.encode(carried), indent=2))
    fingerprint, own = fingerprint_of(settings), settings.cache_path
    for head in (path_of(fingerprint, own, folders), promising.path_of(fingerprint, own)):
        _copy(head, cache / head.relative_to(own))
    return target


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
    target.chmod(0o644)  # onnx writes weights for their owner alone; who serves is another account
