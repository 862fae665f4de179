"""A secret opens in its own place and nowhere else; keys change without anything being lost."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freightbridge.encryption import (
    KeyRingError,
    Place,
    SealedValueError,
    is_sealed_by_active_key,
    key_ring,
    read_key_ring,
    seal,
    unseal,
)

HERE = Place(table="xero_grant", column="refresh_token", tenant_id=7, row="row-1")


def entry(name: str, fill: bytes = b"k", count: int = 32) -> str:
    return f"{name}:{base64.b64encode(fill * count).decode()}"


@pytest.fixture
def ring(settings: Any) -> Iterator[Any]:
    """Sets FB_KEYRING anew."""

    def use(*entries: str) -> None:
        settings.FB_KEYRING = list(entries)
        key_ring.cache_clear()

    use(entry("first"))
    yield use
    key_ring.cache_clear()


@given(st.text())
def test_secret_opens_in_its_own_place(text: str) -> None:
    assert unseal(seal(text, place=HERE), place=HERE) == text


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(HERE, table="other"),
        replace(HERE, column="access_token"),
        replace(HERE, tenant_id=8),
        replace(HERE, row="row-2"),
    ],
)
def test_secret_moved_to_another_place_does_not_open(elsewhere: Place) -> None:
    sealed = seal("token", place=HERE)

    with pytest.raises(SealedValueError, match=f"A secret in {elsewhere.table}.{elsewhere.column} does not open"):
        unseal(sealed, place=elsewhere)


@given(position=st.integers(0, 60), change=st.integers(1, 255))
def test_secret_with_a_changed_byte_does_not_open(position: int, change: int) -> None:
    sealed = bytearray(seal("the refresh token of mia", place=HERE))
    sealed[position % len(sealed)] ^= change

    with pytest.raises(SealedValueError):
        unseal(bytes(sealed), place=HERE)


@given(st.binary(max_size=60))
def test_bytes_that_were_never_sealed_do_not_open(found: bytes) -> None:
    with pytest.raises(SealedValueError):
        unseal(found, place=HERE)


def test_same_secret_is_never_sealed_to_the_same_bytes() -> None:
    assert len({seal("token", place=HERE) for _ in range(20)}) == 20


def test_database_driver_may_hand_the_bytes_over_as_a_memoryview() -> None:
    assert unseal(memoryview(seal("token", place=HERE)), place=HERE) == "token"  # type: ignore[arg-type]


def test_old_key_opens_what_it_sealed_after_a_new_one_is_active(ring: Any) -> None:
    sealed = seal("token", place=HERE)

    ring(entry("second", b"n"), entry("first"))

    assert unseal(sealed, place=HERE) == "token"
    assert not is_sealed_by_active_key(sealed)
    assert is_sealed_by_active_key(seal("token", place=HERE))


def test_secret_whose_key_is_gone_says_so(ring: Any) -> None:
    sealed = seal("token", place=HERE)

    ring(entry("second", b"n"))

    with pytest.raises(SealedValueError, match="'first' is not in FB_KEYRING any more"):
        unseal(sealed, place=HERE)


def test_key_of_the_same_name_that_is_another_does_not_open(ring: Any) -> None:
    sealed = seal("token", place=HERE)

    ring(entry("first", b"n"))

    with pytest.raises(SealedValueError, match="does not open"):
        unseal(sealed, place=HERE)


def test_first_key_is_the_active_one() -> None:
    assert read_key_ring([entry("b"), entry("a")]).active == "b"


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([], "FB_KEYRING is empty"),
        (["first"], "'first' in FB_KEYRING has 0 bytes"),
        (["first:not base64!"], "'first' in FB_KEYRING is not base64"),
        (["first:ümläut"], "'first' in FB_KEYRING is not base64"),
        ([entry("first", count=16)], "'first' in FB_KEYRING has 16 bytes; it takes 32"),
        ([entry("")], "'' in FB_KEYRING has"),
        ([entry("first"), entry("first", b"n")], "'first' stands twice in FB_KEYRING"),
        ([entry("k" * 256)], "name of a key"),
    ],
)
def test_ring_that_cannot_be_used_is_refused_without_showing_a_key(entries: list[str], reason: str) -> None:
    with pytest.raises(KeyRingError, match=reason) as refused:
        read_key_ring(entries)

    assert "a2tra" not in str(refused.value)
