"""A process that has the commands' modules loaded and forks for each run: what a new Python does, without its start.

Speaks lines of JSON: module, arguments, environment, folder and the files for its output in, the exit status out.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from typing import Any


def _be_the_command(wish: dict[str, Any]) -> int:
    """In the child: everything that a command sees is as its caller gave it."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for descriptor, name in ((1, "out"), (2, "err")):
        made = os.open(wish[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(made, descriptor)
    os.environ.clear()
    os.environ.update(wish["environment"])
    os.chdir(wish["folder"])
    sys.argv = [wish["module"], *wish["arguments"]]
    try:
        return int(importlib.import_module(wish["module"]).main(wish["arguments"]) or 0)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1


def _serve() -> None:
    for line in sys.stdin:
        wish = json.loads(line)
        importlib.import_module(wish["module"])
        child = os.fork()
        if child == 0:
            status = _be_the_command(wish)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        _, ended = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(ended), flush=True)


if __name__ == "__main__":
    _serve()
