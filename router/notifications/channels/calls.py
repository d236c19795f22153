"""HTTP calls to receivers: one POST, no redirect, a bounded answer, every failure as an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from router.notifications.channels.guard import AddressRefused
from router.notifications.channels.parcel import Failed

_MOST_BYTES = 16 * 1024
_LONGEST_WAIT_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said; the body only as far as it is needed."""

    status: int
    body: bytes
    after_seconds: float | None


async def post(
    client: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str], timeout_seconds: float
) -> Answer | Failed:
    """The answer, or why there is none within the time; a redirect is an answer like any other."""
    try:
        async with client.post(
            url,
            data=body,
            headers={"Content-Type": "application/json", "User-Agent": "Yingda", **headers},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=timeout_seconds),
        ) as response:
            said = await response.content.read(_MOST_BYTES)
            return Answer(response.status, said, _seconds(response.headers.get("Retry-After")))
    except TimeoutError:
        return Failed("no answer in time")
    except aiohttp.ClientConnectorCertificateError:
        return Failed("the certificate is not valid")
    except aiohttp.ClientConnectorDNSError:
        return Failed("the name cannot be resolved")
    except aiohttp.ClientConnectorError as error:
        refused = isinstance(error.os_error, AddressRefused) or isinstance(error.__cause__, AddressRefused)
        return Failed("the address leads into a private network" if refused else "no connection")
    except AddressRefused:
        return Failed("the address leads into a private network")
    except (aiohttp.ClientError, ValueError, OSError) as error:
        return Failed(f"no answer ({type(error).__name__})")


def _seconds(header: str | None) -> float | None:
    """``Retry-After`` in seconds; dates are not understood and mean nothing."""
    if header is None or not header.strip().isdigit():
        return None
    return min(float(header), _LONGEST_WAIT_SECONDS)
