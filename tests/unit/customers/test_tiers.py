"""Of what was signed and what the CRM says the higher tier counts, by the head start that it gives."""

from __future__ import annotations

from router.customers.tiers import Tiers

TIERS = Tiers({"gold": 900, "free": 0, "silver": 60}, "free")


def test_the_higher_one_counts_whoever_said_it() -> None:
    assert TIERS.names == ("free", "silver", "gold")
    assert TIERS.highest("silver", "gold") == TIERS.highest("gold", "silver") == "gold"
    assert TIERS.highest("silver", None) == "silver"


def test_a_name_that_is_no_tier_any_more_counts_for_nothing() -> None:
    assert TIERS.highest("platinum", "silver") == "silver"
    assert TIERS.highest("platinum", None) == TIERS.highest() == "free"
