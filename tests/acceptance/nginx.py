"""The nginx of deploy/ before nodes of a test, where this machine has one."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.acceptance.program import ROOT, Program, free_port

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


@contextmanager
def nginx_before(folder: Path, nodes: tuple[Program, Program]) -> Iterator[str]:
    """The address of the nginx of deploy/, with these nodes."""
    port = free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for name, node in zip(("yingda-1", "yingda-2"), nodes, strict=True):
        text = text.replace(f"server {name}:8000", f"server 127.0.0.1:{node.port}")
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/tmp/", f"{folder}/")
    (folder / "nginx.conf").write_text(text.replace("include /etc/nginx/mime.types;", ""), "utf-8")
    errors = f"daemon off; error_log {folder}/errors.log;"
    command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", errors]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 10
            while time.monotonic() < until and process.poll() is None:
                with socket.socket() as there:
                    if there.connect_ex(("127.0.0.1", port)) == 0:
                        break
            assert process.poll() is None, (folder / "errors.log").read_text("utf-8")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
