"""The yardstick for questions never asked before: the encoder alone, full batches in order of arrival, no server.

Reads a JSON list of questions a line from standard input, answers each with the seconds that encoding took.
"""

from __future__ import annotations

import json
import os
import sys
import time

from models.loading import load_encoder
from router.settings import load_settings


def main() -> None:
    settings = load_settings([], os.environ).encoder
    encoder = load_encoder(settings)
    encoder.encode_questions(["热身"] * settings.batch)
    print("ready", flush=True)
    for line in sys.stdin:
        questions = json.loads(line)
        began = time.perf_counter()
        for start in range(0, len(questions), settings.batch):
            encoder.encode_questions(questions[start : start + settings.batch])
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main()
