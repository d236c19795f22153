"""Every list as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from router.api import Route
from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.exports.exports import Exports
from router.exports.http import ExportsHttp
from router.routes import Face


def with_exports(ground: Ground, clients: Clients, faces: Sequence[Face]) -> Sequence[Face]:
    """All faces, and the one that writes down what their lists answer."""
    routes: dict[tuple[str, str], Route] = {
        (route.method, route.path): route for face in faces for route in face.routes()
    }
    exports = Exports(
        ground.database, ground.audit, ground.clock, lambda: ground.calendars.now().zone, lambda: routes,
        ground.settings.exports.most_rows, clients.customers.cards,
    )  # fmt: skip
    return (*faces, ExportsHttp(exports))
