"""What supervisors see of the floor."""

from __future__ import annotations

from collections.abc import Sequence

from router.assembly.ground import Ground
from router.assembly.people import Clients, Staff
from router.assembly.talk import Talk
from router.routes import Face
from router.supervision.floor import FloorReader
from router.supervision.http import SupervisionHttp


def supervision_faces(ground: Ground, staff: Staff, clients: Clients, talk: Talk) -> Sequence[Face]:
    floor = FloorReader(ground.database, clients.customers.cards, ground.clocks, talk.line.alive_since, ground.clock)
    return (SupervisionHttp(floor, staff.presence, talk.dispatcher, ground.audit),)
