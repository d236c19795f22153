"""The address that guesses are counted by cannot be chosen by the guesser."""

from __future__ import annotations

import pytest

from router.security.addresses import ClientAddresses, neighbourhood


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        ([], "203.0.113.9", [], "203.0.113.9"),
        ([], "203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        (["10.0.0.5"], "10.0.0.5", ["198.51.100.1"], "198.51.100.1"),
        (["10.0.0.5"], "10.0.0.6", ["198.51.100.1"], "10.0.0.6"),
        (["10.0.0.0/8"], "10.0.0.5", ["1.1.1.1, 198.51.100.1, 10.0.0.9"], "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.5", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.5", ["198.51.100.1, unknown"], "10.0.0.5"),
        (["10.0.0.0/8"], "10.0.0.5", [""], "10.0.0.5"),
        (["10.0.0.0/8"], "10.0.0.5", [], "10.0.0.5"),
        (["10.0.0.0/8"], "10.0.0.5", ["10.0.0.7"], "10.0.0.7"),
        (["::1"], "::1", ["[2001:db8::1]"], "2001:db8::1"),
        (["10.0.0.5"], "::ffff:10.0.0.5", ["198.51.100.1"], "198.51.100.1"),
        (["10.0.0.5"], "", ["198.51.100.1"], ""),
    ],
)
def test_only_a_trusted_proxy_names_another_client(
    trusted: list[str], peer: str, forwarded: list[str], client: str
) -> None:
    assert ClientAddresses(trusted).client(peer, forwarded) == client


def test_a_wrong_network_stops_the_start() -> None:
    with pytest.raises(ValueError, match="proxy"):
        ClientAddresses(["proxy.example"])


def test_an_ipv6_subscriber_is_one_neighbour() -> None:
    assert neighbourhood("2001:db8:1:2::1") == neighbourhood("2001:db8:1:2:ffff::9")
    assert neighbourhood("2001:db8:1:2::1") != neighbourhood("2001:db8:1:3::1")
    assert neighbourhood("203.0.113.9") != neighbourhood("203.0.113.8")
    assert neighbourhood("") == ""
