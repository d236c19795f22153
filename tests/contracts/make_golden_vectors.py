"""`python -m tests.contracts.make_golden_vectors`: writes golden_vectors.json with sentence-transformers, never
with the encoder that is tested against it."""

import json
from pathlib import Path

from sentence_transformers import SentenceTransformer

from models.manifest import SENTENCE_FOLDER, prepared_folder
from models.settings import EncoderSettings

TARGET = Path(__file__).with_name("golden_vectors.json")
COMPONENTS = 64
SENTENCES = (
    "怎么把甘特图导出成图片",
    "项目成员能看到别人的工时吗？",
    "忘记密码，收不到验证码",
    "API 返回 502 是什么原因",
    "能不能把看板的列改成自己的名字",
    "私有化部署需要多大的服务器",
    "How do I invite a new member to the project?",
    "The mobile app does not send notifications",
    "Can I import tasks from an Excel sheet?",
    "ガントチャートの依存関係を削除したい",
    "¿Cómo cambio el idioma de la interfaz?",
)


def main() -> None:
    """Writes the leading components of each sentence as a question and as a passage."""
    model = SentenceTransformer(str(prepared_folder(EncoderSettings()) / SENTENCE_FOLDER), device="cpu")
    questions = model.encode(list(SENTENCES), prompt_name="query")
    passages = model.encode(list(SENTENCES), prompt_name="passage")
    entries = [
        {
            "text": text,
            "question": [round(float(value), 4) for value in question[:COMPONENTS]],
            "passage": [round(float(value), 4) for value in passage[:COMPONENTS]],
        }
        for text, question, passage in zip(SENTENCES, questions, passages, strict=True)
    ]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries)
    TARGET.write_text(
        f'{{"model":"multilingual-e5-small","components":{COMPONENTS},"entries":[\n{lines}\n]}}\n', "utf-8"
    )


if __name__ == "__main__":
    main()
