"""Makes the encoder of the settings and its heads ready to serve; done in no time when there is nothing to do."""

from __future__ import annotations

import os
import sys

from models import prepare
from router.settings import SettingsError, load_settings


def main(argv: list[str] | None = None) -> int:
    """Exit code 0, or 1 with one line when the settings are wrong or the model cannot be had."""
    try:
        settings = load_settings(sys.argv[1:] if argv is None else argv, os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    encoder, examples = settings.encoder, settings.signals.examples
    more = ["--folder", encoder.folder] if encoder.folder else []
    more += ["--examples", examples] if examples else []
    more += ["--cache-dir", encoder.cache_dir, "--max-tokens", str(encoder.max_tokens)]
    return prepare.main(["--name", encoder.name, "--precision", encoder.precision, *more])


if __name__ == "__main__":
    sys.exit(main())
