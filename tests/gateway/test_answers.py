import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.xero_gateway.answers import Answer, NotJsonError, readable


def answer(body: bytes = b"", **headers: str) -> Answer:
    return Answer(status=200, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "26"}, 26),
        ({"retry_after": "0"}, 0),
        ({"x_rate_limit_problem": "Concurrent"}, 3),
        ({"x_rate_limit_problem": "minute"}, 60),
        ({"retry_after": "soon"}, 60),
        ({"retry_after": "²"}, 60),
        ({"retry_after": "-5"}, 60),
        ({"retry_after": "9" * 50}, 10**9),
        ({}, 60),
    ],
)
def test_waiting_after_a_limit(headers: dict[str, str], seconds: int) -> None:
    assert answer(**headers).limits.wait == timedelta(seconds=seconds)


def test_headers_say_what_is_left() -> None:
    limits = answer(x_minlimit_remaining="57", x_daylimit_remaining="4990", x_appminlimit_remaining="9999").limits

    assert (limits.minute_remaining, limits.day_remaining, limits.app_minute_remaining) == (57, 4990, 9999)


def test_missing_headers_say_nothing() -> None:
    limits = answer().limits

    assert (limits.minute_remaining, limits.day_remaining, limits.retry_after, limits.problem) == (None, None, None, "")


def test_numbers_are_read_exactly() -> None:
    assert answer(b'{"Total": 1375.10, "Big": 0.1}').json() == {"Total": Decimal("1375.10"), "Big": Decimal("0.1")}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"x"', b'{"a":', b"\xff\xfe", b"[" * 200_000])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(NotJsonError):
        answer(body).json()


@given(st.binary(max_size=200))
def test_text_can_always_be_stored(body: bytes) -> None:
    text = answer(body).text()

    assert "\x00" not in text
    assert text.encode().decode() == text


@given(st.text())
def test_readable_text_keeps_what_can_be_kept(text: str) -> None:
    assert readable(text) == text.replace("\x00", "")
    assert readable(json.loads('"\\ud800x"')) == "?x"


def test_text_is_cut() -> None:
    assert answer(b"x" * 9000).text() == "x" * 4000
