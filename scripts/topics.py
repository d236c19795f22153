"""`python -m scripts.topics`: tunes the layers that tell topics on the shipped messages and writes the small file that
ships; before that a fifth of the messages is asked of layers that have not seen it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from models.encoder import ModelUnavailable
from models.heads.examples import SHIPPED, read_examples
from models.heads.labels import NO_TOPIC
from models.heads.multinomial import temperature
from models.loading import training_source
from models.manifest import prepared_folder, read_manifest
from models.settings import EncoderSettings
from models.topics.shipped import FILE, Tuned
from scripts.progress import ProgressBars

_PARTS = 5
_SEED = 0


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 when all is done, 1 where the encoder is not prepared."""
    parser = argparse.ArgumentParser(prog="python -m scripts.topics", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only ask the fifth; write nothing")
    parser.add_argument("--temperature", type=float, help="ask nobody: the value is known from a --check")
    options = parser.parse_args(argv)
    try:
        with ProgressBars() as progress:
            ground = _Ground(progress)
            heat = options.temperature or ground.ask()
            if not options.check:
                ground.write(heat)
    except ModelUnavailable as error:
        print(f"topics: {error}", file=sys.stderr)
        return 1
    return 0


class _Ground:
    """The encoder in torch, with every shipped message that has a topic read by its lower layers."""

    def __init__(self, progress: ProgressBars) -> None:
        from models import onnx_export  # torch takes seconds to import
        from models.topics import layers, tuning

        settings = EncoderSettings()
        manifest = read_manifest(prepared_folder(settings))
        self._weights_sha256 = manifest.weights_sha256
        self._progress = progress
        self._tuning, self._layers = tuning, layers
        self._how = tuning.TopicTuning()
        self._model = onnx_export.open_model(training_source(settings))
        self._examples = [(one.text, one.topic) for one in read_examples([SHIPPED]) if one.topic is not None]
        self._states = tuning.States(self._model, manifest.question_prompt, self._how)
        self._states.remember([text for text, _ in self._examples], progress)

    def ask(self) -> float:
        """Prints how many of a fifth are right by layers that were tuned on the rest; returns the temperature."""
        part = np.random.default_rng(_SEED).permutation(len(self._examples)) % _PARTS
        left = [one for one, own in zip(self._examples, part, strict=True) if own == 0]
        tuned = self._tune([one for one, own in zip(self._examples, part, strict=True) if own != 0])
        made = self._layers.with_shipped(self._model, tuned)
        said = self._tuning.log_chances(made, self._states, [text for text, _ in left])
        labels = tuned.about.labels
        truth = np.array([labels.index(topic) for _, topic in left])
        heat = temperature(said.astype(np.float64), truth)
        right = said.argmax(axis=1) == truth
        some = np.array([topic != NO_TOPIC for _, topic in left])
        self._progress.close()
        print(
            f"{len(left)} messages that were not learnt from: {right[some].mean():.3f} of those with a topic and "
            f"{right[~some].mean():.3f} of those without are right; temperature {heat:.3f}"
        )
        return heat

    def write(self, heat: float) -> None:
        """Tunes on all of them."""
        tuned = self._tune(self._examples)
        replace(tuned, about=msgspec.structs.replace(tuned.about, temperature=heat)).save(FILE)
        self._progress.close()
        print(f"{FILE}: {FILE.stat().st_size} bytes; then run python -m models.prepare")

    def _tune(self, examples: Sequence[tuple[str, str]]) -> Tuned:
        return self._tuning.tune_topics(
            self._states, self._model, examples, self._weights_sha256, self._how, self._progress
        )


if __name__ == "__main__":
    sys.exit(main())
