"""From settings to an encoder ready to serve; refuses, with one line that says what to do, where none is prepared."""

from pathlib import Path

from models.encoder import Encoder, ModelUnavailable
from models.hashing_encoder import HashingEncoder
from models.manifest import SENTENCE_FOLDER, UPPER_RECIPE, prepared_folder, read_manifest
from models.settings import EncoderSettings


def load_encoder(settings: EncoderSettings) -> Encoder:
    """The configured encoder; blocks for some tenths of a second; raises ModelUnavailable."""
    if settings.name == "hashing" and settings.folder is None:
        return HashingEncoder()
    from models.onnx_encoder import OnnxEncoder  # here, so that the hashing encoder needs no ONNX Runtime

    try:
        return OnnxEncoder(
            prepared_folder(settings),
            threads=settings.thread_count,
            max_tokens=settings.max_tokens,
            batch=settings.batch,
            reads_topics=settings.reads_topics,
        )
    except ModelUnavailable as error:
        raise ModelUnavailable(
            f"encoder {settings.folder or settings.name}: {error}; {what_to_do(settings)}"
        ) from error


def fingerprint_of(settings: EncoderSettings) -> str:
    """The fingerprint that `load_encoder` would give, without loading the model; raises ModelUnavailable."""
    if settings.name == "hashing" and settings.folder is None:
        return HashingEncoder().fingerprint
    manifest = read_manifest(prepared_folder(settings))
    return manifest.fingerprint(min(settings.max_tokens, manifest.position_limit))


def is_tunable(settings: EncoderSettings) -> bool:
    """Whether its upper layers can be tuned on a knowledge base; raises ModelUnavailable."""
    if settings.name == "hashing" and settings.folder is None:
        return False
    return read_manifest(prepared_folder(settings)).upper == UPPER_RECIPE


def training_source(settings: EncoderSettings) -> str:
    """What sentence-transformers opens to train the configured model; raises ModelUnavailable."""
    if settings.folder is not None and (Path(settings.folder).expanduser() / "modules.json").is_file():
        return str(Path(settings.folder).expanduser().absolute())
    folder = prepared_folder(settings)
    manifest = read_manifest(folder)
    if (folder / SENTENCE_FOLDER).is_dir():
        return str(folder / SENTENCE_FOLDER)
    if manifest.source.startswith("hub: "):
        return manifest.source.removeprefix("hub: ")
    raise ModelUnavailable(f"{folder} has only what serving needs; configure a sentence-transformers folder to train")


def what_to_do(settings: EncoderSettings) -> str:
    """The command that prepares the model of `settings`."""
    words = ["run: python -m models.prepare"]
    if settings.folder is not None:
        words += ["--folder", settings.folder]
    else:
        words += ["--name", settings.name]
    if settings.precision != EncoderSettings().precision:
        words += ["--precision", settings.precision]
    if settings.cache_dir != EncoderSettings().cache_dir:
        words += ["--cache-dir", settings.cache_dir]
    return " ".join(words)
