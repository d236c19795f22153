"""`python -m models.prepare`: makes the configured model ready to serve, once; refuses to leave half a model behind."""

import argparse
import contextlib
import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import msgspec

from models.carrying import carry
from models.catalogue import CATALOGUE, lines
from models.encoder import ModelUnavailable
from models.heads import promising
from models.heads.examples import FaultyExamples
from models.heads.kept import heads_for, path_of
from models.loading import fingerprint_of, load_encoder, what_to_do
from models.manifest import (
    FILE_NAME,
    FORMAT,
    GRAPH,
    PIECES,
    SENTENCE_FOLDER,
    TOKENIZER,
    TOPICS,
    Manifest,
    changed_files,
    prepared_folder,
    read_manifest,
    written_files,
)
from models.originals import Report, obtain
from models.settings import PRECISIONS, EncoderSettings
from models.topics.shipped import shipped
from models.word_pieces import keep_word_pieces

_LEAST_FP32_COSINE = 0.9999
_LEAST_INTEGER_COSINE = 0.999  # the default model: 0.9997


def prepare(settings: EncoderSettings, report: Report) -> Path:
    """The folder of the prepared model, made if need be (about a minute); raises ModelUnavailable.

    Two processes at once do the work once; a killed one leaves nothing that the next would take for a model.
    """
    target = prepared_folder(settings)
    if is_prepared(settings):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _lock(target, report):
        if is_prepared(settings):  # by the process we waited for
            return target
        for leftover in target.parent.glob(f".{target.name}.new-*"):
            shutil.rmtree(leftover)
        new = target.parent / f".{target.name}.new-{os.getpid()}"
        work, scratch = new / "model", new / "scratch"
        work.mkdir(parents=True)
        scratch.mkdir()
        try:
            siblings = (prepared_folder(replace(settings, precision=precision)) for precision in PRECISIONS)
            _build(settings, list(siblings), work, scratch, report)
            _replace(target, work)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return target


def prepare_heads(settings: EncoderSettings, folders: Sequence[Path] = ()) -> None:
    """Fits the heads for the prepared model where they are not kept yet (tens of seconds), with a progress bar.

    Raises ModelUnavailable, or `FaultyExamples` for labelled messages in `folders` that cannot be read.
    """
    fingerprint, cache = fingerprint_of(settings), settings.cache_path
    if path_of(fingerprint, cache, folders).exists() and promising.path_of(fingerprint, cache).exists():
        return
    from tqdm import tqdm

    bars: dict[str, tqdm[NoReturn]] = {}

    def progress(doing: str, done: int, total: int) -> None:
        if doing not in bars:
            bars[doing] = tqdm(total=total, desc=doing, file=sys.stderr, leave=False)
        bars[doing].update(done - bars[doing].n)

    try:
        encoder = load_encoder(replace(settings, threads=0))
        heads_for(encoder, cache, folders, progress)
        promising.promise_head(encoder, cache)
    finally:
        for bar in bars.values():
            bar.close()


def is_prepared(settings: EncoderSettings) -> bool:
    """Whether serving would find the model, and a configured folder has not changed since."""
    folder = prepared_folder(settings)
    try:
        manifest = read_manifest(folder)
    except ModelUnavailable:
        return False
    tuned = shipped()
    if manifest.weights_sha256 == tuned.about.weights_sha256 and manifest.topics != tuned.digest:
        return not (folder / SENTENCE_FOLDER).is_dir()  # nothing to make it from: without it topics are told less well
    if not manifest.upper and ((folder / SENTENCE_FOLDER).is_dir() or manifest.source_files):
        return False  # made before layers could be tuned
    if settings.folder is None or not manifest.source_files:
        return True
    source = Path(settings.folder).expanduser().absolute()
    return not source.is_dir() or next(iter(changed_files(source, manifest.source_files)), None) is None


def _build(settings: EncoderSettings, kept: Sequence[Path], work: Path, scratch: Path, report: Report) -> None:
    known = CATALOGUE.get(settings.name) if settings.folder is None else None
    source, source_name = obtain(settings, known, kept, work, scratch, report)
    report("opening it with sentence-transformers")
    from models import onnx_export  # torch takes seconds to import: only when there is work for it
    from models.upper.preparing import write_upper

    model = onnx_export.open_model(source)
    report("exporting it to ONNX")
    (work / GRAPH).parent.mkdir()
    whole = scratch / Path(GRAPH).name
    prompts = (known.question_prompt, known.passage_prompt) if known else None
    topics = scratch / Path(TOPICS).name
    exported = onnx_export.export(model, source, whole, topics, work / TOKENIZER, prompts)
    if not keep_word_pieces(work / TOKENIZER, work / PIECES, onnx_export.PROBES):
        report("its tokenizer stays with the tokenizers library")
    is_local = settings.folder is not None
    manifest = Manifest(
        format=FORMAT,
        name=known.name if known else Path(source).name if is_local else settings.name,
        licence=known.licence if known else "unknown",
        dimensions=exported.dimensions,
        question_prompt=exported.question_prompt,
        passage_prompt=exported.passage_prompt,
        pooling=exported.pooling,
        precision="",
        position_limit=exported.position_limit,
        pad_id=exported.pad_id,
        weights_sha256=exported.weights_sha256,
        source=source_name,
        source_files=written_files(Path(source)) if is_local else (),
        files=(),
        topics=exported.topics,
    )
    probes = onnx_export.probe_tokens(model, exported.question_prompt)

    def agrees(precision: str, least: float) -> bool:
        """Finishes the folder with the graph that lies there, and compares what it serves with the original."""
        from models.onnx_encoder import OnnxEncoder

        report("writing checksums")
        graph = whole if whole.exists() else work / GRAPH
        upper = write_upper(model, exported, graph, probes, work, scratch, integers=precision != "fp32")
        finished = msgspec.structs.replace(manifest, precision=precision, upper=upper, files=written_files(work))
        (work / FILE_NAME).write_bytes(msgspec.json.format(msgspec.json.encode(finished), indent=2))
        report(f"comparing the {precision} graph with the original")
        encoder = OnnxEncoder(work, threads=0, max_tokens=exported.position_limit)
        cosine = onnx_export.agreement(model, exported.question_prompt, encoder.encode_questions(onnx_export.PROBES))
        report(f"the vectors agree (least cosine {cosine:.6f})" if cosine >= least else f"least cosine {cosine:.6f}")
        return cosine >= least

    if settings.precision == "auto":
        from models.integer_graph import RECIPE, write_integer_graph

        report("rounding its weights to integers")
        write_integer_graph(whole, work / GRAPH, probes)
        if exported.topics:
            write_integer_graph(topics, work / TOPICS, onnx_export.probe_states(whole, probes))
        if agrees(RECIPE, _LEAST_INTEGER_COSINE):
            return
        report("integers change it too much: staying with fp32")
        for file in _parts(work / GRAPH, work / TOPICS):
            file.unlink()
    for file in _parts(whole, topics):
        file.rename((work / GRAPH).with_name(file.name))
    if not agrees("fp32", _LEAST_FP32_COSINE):
        raise ModelUnavailable("the exported graph differs from the model")


def _parts(*graphs: Path) -> list[Path]:
    """The files of graphs, with the weights beside them."""
    return [file for graph in graphs for file in graph.parent.glob(f"{graph.name}*")]


def _replace(target: Path, work: Path) -> None:
    """Puts the finished folder in place of an outdated one; a reader finds the old or the new, whole."""
    if target.exists():
        outdated = target.parent / f".{target.name}.new-old"
        target.rename(outdated)
        work.rename(target)
        shutil.rmtree(outdated)
    else:
        work.rename(target)


@contextlib.contextmanager
def _lock(target: Path, report: Report) -> Iterator[None]:
    with (target.parent / f".{target.name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("another process is preparing this model; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 when the model is ready, 1 with one line on stderr when it cannot be had."""
    defaults = EncoderSettings()
    parser = argparse.ArgumentParser(prog="python -m models.prepare", description="Make the configured encoder ready.")
    parser.add_argument("--name", default=defaults.name, help="a name of the catalogue, or a hub name (%(default)s)")
    parser.add_argument("--folder", help="a sentence-transformers folder on this machine, instead of a name")
    parser.add_argument(
        "--precision", choices=PRECISIONS, default=defaults.precision, help="integers where they do no harm, or fp32"
    )
    parser.add_argument("--cache-dir", default=defaults.cache_dir, help="where prepared models are kept (%(default)s)")
    parser.add_argument("--max-tokens", type=int, default=defaults.max_tokens, help="where texts are cut (%(default)s)")
    parser.add_argument("--examples", type=Path, help="a folder with more labelled messages for the heads")
    parser.add_argument(
        "--carry-to", type=Path, metavar="CACHE", help="then copy what serving needs into another machine's cache"
    )
    parser.add_argument("--list", action="store_true", help="show the catalogue and stop")
    options = parser.parse_args(arguments)
    if options.list:
        print("\n".join(lines()))
        return 0
    settings = EncoderSettings(
        name=options.name,
        folder=options.folder,
        precision=options.precision,
        cache_dir=options.cache_dir,
        max_tokens=options.max_tokens,
    )
    label = settings.folder or settings.name
    if settings.folder is None and settings.name == "hashing":
        print("encoder hashing needs no preparation (for tests only)")
        return 0
    started = time.monotonic()

    def report(step: str) -> None:
        print(f"encoder {label}: {time.monotonic() - started:5.1f} s  {step}", flush=True)

    try:
        folder = prepare(settings, report)
        examples = [options.examples] if options.examples else []
        prepare_heads(settings, examples)
        if options.carry_to:
            folder = carry(settings, options.carry_to, examples)
    except (ModelUnavailable, FaultyExamples) as error:
        print(f"encoder {label}: {error}; then {what_to_do(settings)}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"encoder {label}: {error}", file=sys.stderr)
        return 1
    print(f"encoder {label}: ready in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
