"""What the house is set up with about the sites that embed it: no secret, no identity; each site a talk of its own."""

from __future__ import annotations

from tests.acceptance.people import KNOWN, identity, people_of, refused
from tests.clients import ChatClient
from tests.edge.conftest import OpenHouse


async def test_without_a_configured_secret_every_identity_is_refused(open_house: OpenHouse) -> None:
    house = await open_house(SECURITY__IDENTITY_SECRETS="{}")
    client = ChatClient(house.url)

    with refused(client, "unauthorized"):
        await client.open({"protocol": 1, "identity": identity("a", iat=int(house.now()), exp=int(house.now()) + 600)})


async def test_one_conversation_for_each_site(open_house: OpenHouse) -> None:
    house = await open_house(SITES__NAMES="main,other")
    async with people_of(house) as people:
        main = await people.customer(site="main")
        other = await people.customer(site="other", visitor=main.all("welcome")[0]["visitor"])

        first, second = await main.say(KNOWN), await other.say(KNOWN)

        assert first["conversation_id"] != second["conversation_id"]
