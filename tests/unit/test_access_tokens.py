"""An access token opens the desk only as this server made it, while it is fresh; every forgery is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from database.clock import ManualClock
from router.errors import Unauthorized
from router.security.tokens import AccessTokens, RefreshTokens, new_visitor_token, token_hash
from tests.unit.forging import b64, hs256, leave_out, make_null, rsa_private_key, segments

KEY = b"k" * 32
ACCOUNT = UUID("01936000-0000-7000-8000-000000000001")
SESSION = UUID("01936000-0000-7000-8000-000000000002")


def make() -> tuple[AccessTokens, ManualClock]:
    clock = ManualClock()
    return AccessTokens(KEY, clock), clock


def honest_claims(clock: ManualClock) -> dict[str, Any]:
    tokens = AccessTokens(KEY, clock)
    claims: dict[str, Any] = jwt.decode(tokens.issue(ACCOUNT, SESSION), options={"verify_signature": False})
    return claims


def signing_key(tokens: AccessTokens) -> bytes:
    """The very key, so that each case below is refused for its one fault and not for its signature."""
    return tokens._key


CLAIM_FAULTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    **{f"without {name}": leave_out(name) for name in ("exp", "iat", "aud", "sub", "iss", "typ", "sid")},
    **{f"{name} is null": make_null(name) for name in ("exp", "iat", "aud", "sub", "iss", "typ", "sid")},
    "exp is text": lambda c: {**c, "exp": str(c["exp"])},
    "exp is true": lambda c: {**c, "exp": True},
    "exp is infinite": lambda c: {**c, "exp": float("inf")},
    "exp is not a number": lambda c: {**c, "exp": float("nan")},
    "exp is astronomic": lambda c: {**c, "exp": 10**400},
    "exp is a list": lambda c: {**c, "exp": [c["exp"]]},
    "exp is negative": lambda c: {**c, "exp": -1},
    "expired": lambda c: {**c, "iat": c["iat"] - 2000, "exp": c["iat"] - 1000},
    "expired six seconds ago": lambda c: {**c, "iat": c["iat"] - 900, "exp": c["iat"] - 6},
    "issued in the future": lambda c: {**c, "iat": c["iat"] + 600},
    "iat is text": lambda c: {**c, "iat": str(c["iat"])},
    "expires before it was issued": lambda c: {**c, "iat": c["iat"] + 4, "exp": c["iat"] + 3},
    "not before tomorrow": lambda c: {**c, "nbf": c["iat"] + 86400},
    "nbf is text": lambda c: {**c, "nbf": "0"},
    "audience of customers": lambda c: {**c, "aud": "yingda"},
    "another audience": lambda c: {**c, "aud": "elsewhere"},
    "audience in other letters": lambda c: {**c, "aud": "YINGDA:AGENTS"},
    "list of audiences": lambda c: {**c, "aud": ["yingda:agents", "elsewhere"]},
    "empty audience": lambda c: {**c, "aud": ""},
    "another issuer": lambda c: {**c, "iss": "elsewhere"},
    "list of issuers": lambda c: {**c, "iss": ["yingda"]},
    "another type": lambda c: {**c, "typ": "refresh"},
    "type of an identity": lambda c: {**c, "typ": "identity"},
    "type is a list": lambda c: {**c, "typ": ["access"]},
    "subject is no id": lambda c: {**c, "sub": "admin"},
    "subject is a number": lambda c: {**c, "sub": 1},
    "subject is a list": lambda c: {**c, "sub": [c["sub"]]},
    "empty subject": lambda c: {**c, "sub": ""},
    "session is no id": lambda c: {**c, "sid": "' or 1=1 --"},
    "session is a number": lambda c: {**c, "sid": 7},
}


@pytest.mark.parametrize("fault", CLAIM_FAULTS)
def test_a_signed_token_with_a_wrong_claim_is_refused(fault: str) -> None:
    tokens, clock = make()
    forged = hs256(CLAIM_FAULTS[fault](honest_claims(clock)), signing_key(tokens))
    with pytest.raises(Unauthorized):
        tokens.read(forged)


HEADERS: dict[str, dict[str, Any]] = {
    "alg none": {"alg": "none", "typ": "JWT"},
    "alg None": {"alg": "None", "typ": "JWT"},
    "alg nOnE": {"alg": "nOnE", "typ": "JWT"},
    "alg NONE": {"alg": "NONE", "typ": "JWT"},
    "alg empty": {"alg": "", "typ": "JWT"},
    "alg missing": {"typ": "JWT"},
    "alg null": {"alg": None},
    "alg a list": {"alg": ["HS256"]},
    "alg an object": {"alg": {"HS256": True}},
    "alg in small letters": {"alg": "hs256"},
    "alg RS256": {"alg": "RS256"},
    "alg ES256": {"alg": "ES256"},
    "alg EdDSA": {"alg": "EdDSA"},
    "critical extension": {"alg": "HS256", "crit": ["exp"]},
    "critical b64": {"alg": "HS256", "crit": ["b64"], "b64": False},
    "b64": {"alg": "HS256", "b64": False},
    "kid not text": {"alg": "HS256", "kid": 7},
}


@pytest.mark.parametrize("case", HEADERS)
@pytest.mark.parametrize("signature", ["none", "honest"])
def test_a_header_that_is_not_exactly_ours_is_refused(case: str, signature: str) -> None:
    tokens, clock = make()
    claims = honest_claims(clock)
    forged = hs256(claims, signing_key(tokens), HEADERS[case])
    if signature == "none":
        forged = forged.rpartition(".")[0] + "."
    with pytest.raises(Unauthorized):
        tokens.read(forged)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_a_stronger_algorithm_with_the_right_key_is_refused_too(algorithm: str) -> None:
    tokens, clock = make()
    forged = jwt.encode(honest_claims(clock), signing_key(tokens).ljust(64, b"\0"), algorithm=algorithm)
    with pytest.raises(Unauthorized):
        tokens.read(forged)


def test_a_token_signed_with_a_public_key_pair_is_refused() -> None:
    tokens, clock = make()
    with pytest.raises(Unauthorized):
        tokens.read(jwt.encode(honest_claims(clock), rsa_private_key(), algorithm="RS256"))


@pytest.mark.parametrize("key", [b"x" * 32, b"", KEY, KEY[:-1] + b"j"], ids=["other", "empty", "master", "one bit"])
def test_a_token_under_another_key_is_refused(key: bytes) -> None:
    """The master key itself signs nothing either: each purpose has a key of its own."""
    tokens, clock = make()
    with pytest.raises(Unauthorized):
        tokens.read(hs256(honest_claims(clock), key))


def test_each_character_of_a_token_counts() -> None:
    tokens, _ = make()
    honest = tokens.issue(ACCOUNT, SESSION)
    for place in range(0, len(honest), 7):
        other = "A" if honest[place] != "A" else "B"
        changed = honest[:place] + other + honest[place + 1 :]
        # The last character of a segment carries spare bits; a change there may decode to the same bytes.
        if segments(changed) == segments(honest):
            continue
        with pytest.raises(Unauthorized):
            tokens.read(changed)


GARBAGE = {
    "empty": "",
    "one dot": ".",
    "two dots": "..",
    "four parts": "a.b.c.d",
    "words": "Bearer x",
    "not ascii": "应答.应答.应答",
    "lone surrogate": "\ud800.\ud800.\ud800",
    "NUL": "\0.\0.\0",
    "huge": "A" * 1_000_000,
    "deep header": b64(b"[" * 5000) + ".e30.AAAA",
    "deep payload": b64(b'{"alg":"HS256"}') + "." + b64(b"[" * 5000) + ".AAAA",
    "header a number": b64(b"7") + ".e30.AAAA",
    "header not UTF-8": b64(b"\xff\xfe") + ".e30.AAAA",
    "long number": b64(b'{"alg":"HS256","x":' + b"9" * 5000 + b"}") + ".e30.AAAA",
}


@pytest.mark.parametrize("case", GARBAGE)
def test_garbage_is_refused_and_raises_nothing_else(case: str) -> None:
    tokens, _ = make()
    with pytest.raises(Unauthorized):
        tokens.read(GARBAGE[case])


@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    tokens, _ = make()
    with pytest.raises(Unauthorized):
        tokens.read(text)
    with pytest.raises(Unauthorized):
        RefreshTokens(KEY).read(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda x: st.lists(x) | st.dictionaries(st.text(max_size=5), x),
    )
)
def test_no_signed_payload_breaks_the_reader(payload: Any) -> None:
    tokens, _ = make()
    signed = hs256(payload, signing_key(tokens))
    with pytest.raises(Unauthorized):
        tokens.read(signed)


def test_the_honest_token_opens_until_it_expires() -> None:
    tokens, clock = make()
    token = tokens.issue(ACCOUNT, SESSION)
    read = tokens.read(token)
    assert (read.account_id, read.session_id) == (ACCOUNT, SESSION)
    clock.advance(899)
    tokens.read(token)
    clock.advance(7)
    with pytest.raises(Unauthorized):
        tokens.read(token)


def test_a_token_holds_no_roles_and_no_names() -> None:
    """Roles are read from the database at each use, so that a change counts at once."""
    _, clock = make()
    assert set(honest_claims(clock)) == {"iss", "aud", "sub", "sid", "typ", "iat", "exp"}


def test_a_refresh_token_is_read_back_and_its_successor_is_always_the_same() -> None:
    tokens = RefreshTokens(KEY)
    first = tokens.issue(SESSION, 1)
    assert tokens.read(first.text) == first
    assert tokens.next(first) == tokens.next(tokens.read(first.text)) != first
    assert first.hash != tokens.next(first).hash


@pytest.mark.parametrize(
    "forge",
    [
        lambda text: text[:-4] + "AAAA",
        lambda text: text + "A",
        lambda text: text[:-1],
        lambda text: text + "=",
        lambda text: base64.urlsafe_b64encode(SESSION.bytes + b"\0\0\0\x02" + b"x" * 32).decode().rstrip("="),
        lambda text: RefreshTokens(b"x" * 32).issue(SESSION, 1).text,
        lambda text: "应" * 70,
        lambda text: "\n" + text,
        lambda text: json.dumps(text),
    ],
)
def test_a_forged_refresh_token_is_refused(forge: Callable[[str], str]) -> None:
    tokens = RefreshTokens(KEY)
    with pytest.raises(Unauthorized):
        tokens.read(forge(tokens.issue(SESSION, 1).text))


def test_visitor_tokens_are_long_and_never_twice_the_same() -> None:
    made = {new_visitor_token() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= 43
    assert len({token_hash(token) for token in made}) == 100
