"""Canaries: secrets pushed in every way they could come, none of which may come out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freightbridge.observability.redaction import HIDDEN, redact, redact_text

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtaWEifQ.c2lnbmF0dXJl"
CANARY = "C4n4ry-S3cr3t-V4lu3"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"authorization: basic {CANARY}",
        f"refresh_token={CANARY}&grant_type=refresh_token",
        f"POST /connect/token?code={CANARY}&state=1",
        f"client_secret={CANARY}",
        f"postgresql://fb_app:{CANARY}@127.0.0.1:5432/fb",
        f"redis://:{CANARY}@127.0.0.1/0",
        f"key fbk_{CANARY} was used",
        f"key fbi_{CANARY} was used",
        f"key fbs_{CANARY} was used",
        f"https://freight.example/password/reset/key/{CANARY}/",
        f'{{"refresh_token": "{CANARY}", "expires_in": 1800}}',
        f"{{'access_token': '{CANARY}'}}",
        f'{{"client_secret":"{CANARY}"}}',
        f"password: {CANARY}",
        f"ValueError: {{'id_token': '{CANARY}'}}",
    ],
)
def test_secret_inside_a_text_is_hidden(text: str) -> None:
    assert CANARY not in redact_text(text)
    assert HIDDEN in redact_text(text)


def test_token_is_known_by_its_form() -> None:
    assert redact_text(f"got {JWT} back") == f"got {HIDDEN} back"


@pytest.mark.parametrize(
    "text",
    [
        "Xero refused the document; its own words are below.",
        "code FB-301",
        '{"code": "FB-301", "subject": "FRT"}',
        "GET /api.xro/2.0/Invoices?page=1&pageSize=1000",
        "https://api.xero.com/api.xro/2.0/Invoices",
        "The token endpoint did not answer.",
        "10:30:00 basic check done",
        "",
    ],
)
def test_text_without_secrets_stays_as_it_is(text: str) -> None:
    assert redact_text(text) == text


@pytest.mark.parametrize(
    "value",
    [
        {"refresh_token": CANARY},
        {"Authorization": f"Bearer {CANARY}"},
        {"headers": {"Cookie": CANARY}},
        {"X-Xero-Signature": CANARY},
        {"apiKey": CANARY, "api_key": CANARY},
        {"tokens": [CANARY, CANARY]},
        {"token": {"value": CANARY}},
        {"password": CANARY.encode()},
        {"credentials": (CANARY,)},
        [{"secret": CANARY}],
        {"body": json.dumps({"refresh_token": CANARY})},
        {"body": f"refresh_token={CANARY}".encode()},
        {b"password": CANARY},
    ],
)
def test_secret_inside_a_value_is_hidden(value: Any) -> None:
    assert CANARY not in str(redact(value))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"number": "INV-1", "total": 5, "ok": None}, {"number": "INV-1", "total": 5, "ok": None}),
        ({"token_count": 3, "has_token": True}, {"token_count": 3, "has_token": True}),
        ((1, "a"), [1, "a"]),
        (b"\x00\x01", "[2 bytes]"),
        (3.5, 3.5),
    ],
)
def test_value_without_secrets_keeps_its_shape(value: Any, expected: Any) -> None:
    assert redact(value) == expected


@given(st.text(max_size=200))
def test_hiding_twice_is_hiding_once(text: str) -> None:
    assert redact_text(redact_text(text)) == redact_text(text)
