"""Whether the model hub can be reached, settled once before its library is imported; refuses to let that library retry
for minutes on a closed network."""

import os
import socket
import urllib.parse
import urllib.request

_CONNECT_SECONDS = 5.0


def settle_reachability() -> bool:
    """Whether the hub answers; where it does not, its library is told to use only what it has already downloaded.

    Behind a proxy, or where `HF_HUB_OFFLINE` says so already, nothing is tried.
    """
    if "HF_HUB_OFFLINE" in os.environ or urllib.request.getproxies().get("https"):
        return True
    endpoint = urllib.parse.urlsplit(os.environ.get("HF_ENDPOINT", "https://huggingface.co"))
    port = endpoint.port or (80 if endpoint.scheme == "http" else 443)
    try:
        socket.create_connection((endpoint.hostname or "", port), timeout=_CONNECT_SECONDS).close()
    except OSError:
        os.environ["HF_HUB_OFFLINE"] = "1"
        return False
    return True
