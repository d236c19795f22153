"""A customer is whom the embedding site signed, to the letter of the contract; every forged identity is refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from database.clock import ManualClock
from router.errors import Unauthorized
from router.security.identity import Identity, IdentityReader
from tests.unit.forging import hs256, leave_out, make_null, rsa_private_key, rsa_public_pem

SECRET = "s" * 40
OLD_SECRET = "o" * 40
TIERS = ["free", "standard", "enterprise", "strategic"]
HEADER = {"alg": "HS256", "typ": "JWT", "kid": "k1"}


def reader(clock: ManualClock, secrets: dict[str, str] | None = None) -> IdentityReader:
    return IdentityReader({"k1": SECRET, "k0": OLD_SECRET} if secrets is None else secrets, TIERS, clock)


def claims(clock: ManualClock, **more: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    return {"sub": "u-1001", "aud": "yingda", "iat": now, "exp": now + 600, **more}


def signed(claims: Any, header: dict[str, Any] = HEADER, secret: str = SECRET) -> str:
    return hs256(claims, secret.encode(), header)


def test_all_claims_are_read() -> None:
    clock = ManualClock()
    token = signed(
        claims(
            clock,
            name="李雷",
            email="li@example.cn",
            phone="13800000000",
            tier="enterprise",
            company={"id": "c-7", "name": "远山工程"},
            attributes={"edition": "企业版", "seats": 40},
        )
    )
    assert reader(clock).read(token) == Identity(
        "u-1001",
        name="李雷",
        email="li@example.cn",
        phone="13800000000",
        tier="enterprise",
        company_id="c-7",
        company_name="远山工程",
        attributes={"edition": "企业版", "seats": 40},
    )


def test_only_the_required_claims_are_enough() -> None:
    clock = ManualClock()
    assert reader(clock).read(signed(claims(clock))) == Identity("u-1001")


def test_the_kid_chooses_the_secret() -> None:
    clock = ManualClock()
    old = signed(claims(clock), {**HEADER, "kid": "k0"}, OLD_SECRET)
    assert reader(clock).read(old).external_id == "u-1001"
    with pytest.raises(Unauthorized):
        reader(clock).read(signed(claims(clock), {**HEADER, "kid": "k0"}, SECRET))


def test_a_short_secret_works_and_is_reported_without_being_shown(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    with caplog.at_level(logging.WARNING):
        short = reader(clock, {"k1": "hunter2"})
    assert "k1" in caplog.text
    assert "hunter2" not in caplog.text
    assert short.read(jwt.encode(claims(clock), "hunter2".ljust(64, "\0"), headers={"kid": "k1"})).external_id


def test_without_configured_secrets_everybody_is_refused() -> None:
    clock = ManualClock()
    for secret in (SECRET, ""):
        with pytest.raises(Unauthorized):
            reader(clock, {}).read(signed(claims(clock), secret=secret))


def test_an_empty_secret_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="empty"):
        reader(ManualClock(), {"k1": ""})


def test_an_expired_identity_says_only_whose_it_is() -> None:
    clock = ManualClock()
    token = signed(claims(clock, tier="strategic", name="李雷"))
    clock.advance(3600)
    assert reader(clock).read(token) == Identity("u-1001", expired=True)


def test_clocks_may_differ_a_little() -> None:
    clock = ManualClock()
    now = int(clock.now().timestamp())
    assert not reader(clock).read(signed(claims(clock, iat=now + 20))).expired
    assert not reader(clock).read(signed(claims(clock, iat=now - 60, exp=now - 20))).expired


FAULTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    **{f"without {name}": leave_out(name) for name in ("sub", "exp", "iat", "aud")},
    **{f"{name} is null": make_null(name) for name in ("sub", "exp", "iat", "aud")},
    "audience of agents": lambda c: {**c, "aud": "yingda:agents"},
    "another audience": lambda c: {**c, "aud": "chatdesk"},
    "audience in capitals": lambda c: {**c, "aud": "YINGDA"},
    "list of audiences": lambda c: {**c, "aud": ["yingda", "other"]},
    "audience an object": lambda c: {**c, "aud": {"yingda": 1}},
    "issued in the future": lambda c: {**c, "iat": c["iat"] + 300, "exp": c["exp"] + 300},
    "not before tomorrow": lambda c: {**c, "nbf": c["iat"] + 86400},
    "exp as text": lambda c: {**c, "exp": str(c["exp"])},
    "exp true": lambda c: {**c, "exp": True},
    "exp infinite": lambda c: {**c, "exp": float("inf")},
    "exp astronomic": lambda c: {**c, "exp": 10**400},
    "exp in milliseconds of milliseconds": lambda c: {**c, "exp": 10**17},
    "exp before iat": lambda c: {**c, "exp": c["iat"] - 1},
    "empty sub": lambda c: {**c, "sub": ""},
    "sub a number": lambda c: {**c, "sub": 1001},
    "sub a list": lambda c: {**c, "sub": ["u-1001"]},
    "sub too long": lambda c: {**c, "sub": "u" * 201},
    "sub with NUL": lambda c: {**c, "sub": "u-1001\0"},
    "sub with a lone surrogate": lambda c: {**c, "sub": "u-\ud800"},
    "claims a list": lambda c: [c],
    "claims a number": lambda c: 7,
    "claims null": lambda c: None,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_signed_identity_with_a_wrong_required_claim_is_refused(fault: str) -> None:
    clock = ManualClock()
    with pytest.raises(Unauthorized):
        reader(clock).read(signed(FAULTS[fault](claims(clock))))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": "k1"},
        {"alg": "NONE", "kid": "k1"},
        {"alg": "hs256", "kid": "k1"},
        {"alg": "RS256", "kid": "k1"},
        {"kid": "k1"},
        {"alg": "HS256"},
        {"alg": "HS256", "kid": None},
        {"alg": "HS256", "kid": ""},
        {"alg": "HS256", "kid": "k2"},
        {"alg": "HS256", "kid": 1},
        {"alg": "HS256", "kid": ["k1"]},
        {"alg": "HS256", "kid": "../../dev/null"},
        {"alg": "HS256", "kid": "k1' or '1'='1"},
        {"alg": "HS256", "kid": "k1", "crit": ["x"]},
        {"alg": "HS256", "kid": "k1", "b64": False},
    ],
    ids=str,
)
def test_a_wrong_header_is_refused(header: dict[str, Any]) -> None:
    clock = ManualClock()
    with pytest.raises(Unauthorized):
        reader(clock).read(signed(claims(clock), header))


def test_the_token_may_not_bring_its_own_key() -> None:
    clock = ManualClock()
    own = {"kty": "oct", "k": "YXR0YWNrZXI"}
    with pytest.raises(Unauthorized):
        reader(clock).read(signed(claims(clock), {**HEADER, "jwk": own, "jku": "https://evil.example/k"}, "attacker"))


def test_a_public_key_is_not_a_secret() -> None:
    """Algorithm confusion: what was signed by a key pair is refused, and so is an HMAC with its public half."""
    clock = ManualClock()
    with pytest.raises(Unauthorized):
        reader(clock).read(jwt.encode(claims(clock), rsa_private_key(), algorithm="RS256", headers={"kid": "k1"}))
    with pytest.raises(Unauthorized):
        reader(clock).read(hs256(claims(clock), rsa_public_pem(), HEADER))


def test_an_expired_forgery_is_refused_like_any_other() -> None:
    clock = ManualClock()
    token = signed(claims(clock), secret="x" * 40)
    clock.advance(3600)
    with pytest.raises(Unauthorized):
        reader(clock).read(token)


@pytest.mark.parametrize("tier", ["platinum", "FREE", "", 3, ["strategic"], None, {"tier": "strategic"}])
def test_an_unknown_tier_raises_no_priority_and_closes_no_door(tier: Any) -> None:
    clock = ManualClock()
    assert reader(clock).read(signed(claims(clock, tier=tier))).tier is None


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("name", ["李雷"]),
        ("name", "x" * 201),
        ("name", "a\0b"),
        ("name", "\udfff"),
        ("name", True),
        ("email", {"at": 1}),
        ("phone", 1.5),
        ("phone", 10**400),
        ("company", "远山"),
        ("company", [1]),
        ("company", {"id": [1], "name": {}}),
        ("attributes", [1, 2]),
        ("attributes", "x"),
        ("attributes", {"x": "y" * 5000}),
        ("attributes", {"x": "\ud800"}),
        ("attributes", {"x": "a\0b"}),
    ],
)
def test_an_optional_claim_that_cannot_be_used_is_left_out(claim: str, value: Any) -> None:
    clock = ManualClock()
    assert reader(clock).read(signed(claims(clock, **{claim: value}))) == Identity("u-1001")


def test_a_telephone_number_may_come_as_a_number() -> None:
    clock = ManualClock()
    assert reader(clock).read(signed(claims(clock, phone=13800000000))).phone == "13800000000"


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["name", "email", "phone", "tier", "company", "attributes", "nbf"]), _JSON))
def test_whatever_a_site_signs_the_reader_answers_or_refuses(optional: dict[str, Any]) -> None:
    clock = ManualClock()
    token = signed(claims(clock, **optional))
    try:
        identity = reader(clock).read(token)
    except Unauthorized:
        assert "nbf" in optional or len(token) > 8192
    else:
        assert identity.tier in (None, *TIERS)


def test_an_identity_does_not_show_personal_fields() -> None:
    identity = Identity("u-1", name="李雷", email="li@example.cn", phone="138", attributes={"seats": 4})
    assert not any(secret in repr(identity) for secret in ("李雷", "li@", "138", "seats"))
