import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mapping.document_identity import (
    attachment_name,
    document_identity,
    idempotency_key,
    short_identity,
)
from integrations.mapping.source import DocumentKind

USUAL = {
    "key": "secret", "organisation_id": "a02a6b2f", "kind": DocumentKind.SALES_INVOICE, "source_id": "42",
    "export_version": 1,
}  # fmt: skip
identities = st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=26, max_size=26), min_size=1, max_size=50)


def identity(**changes: object) -> str:
    return document_identity(**(USUAL | changes))  # type: ignore[arg-type]


def test_identity_is_the_same_for_ever() -> None:
    """Documents in Xero carry it: should this value ever change, they would not be found again."""
    assert identity() == "2YW37ZOOK5KM7IVEJQJ4YZKSKC"


@pytest.mark.parametrize(
    "change",
    [
        {"key": "other"},
        {"organisation_id": "b02a6b2f"},
        {"kind": DocumentKind.BILL},
        {"source_id": "43"},
        {"export_version": 2},
    ],
)
def test_identity_differs_with_everything_that_makes_a_document_another(change: dict[str, object]) -> None:
    assert identity(**change) != identity()


@given(
    members=identities,
    phase=st.sampled_from(["contact", "create", "attach", "promote"]),
    generation=st.integers(1, 32767),
)
def test_key_fits_and_is_stable(members: list[str], phase: str, generation: int) -> None:
    keys = {idempotency_key(identities=list(members), phase=phase, generation=generation) for _ in range(2)}

    (key,) = keys
    assert len(key) <= 128
    assert key.isascii()


@given(members=identities)
def test_key_differs_with_members_order_phase_and_generation(members: list[str]) -> None:
    def key(chosen: list[str], phase: str = "create", generation: int = 1) -> str:
        return idempotency_key(identities=chosen, phase=phase, generation=generation)

    others = [key(members, phase="attach"), key(members, generation=2), key([*members, "A" * 26])]
    if members != members[::-1]:
        others.append(key(members[::-1]))
    assert key(members) not in others


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("INV-00042", "INV-00042-FB-ABCDEFGHIJ.pdf"),
        ("A/1 & B:2", "A-1---B-2-FB-ABCDEFGHIJ.pdf"),
        ("Zürich", "Z-rich-FB-ABCDEFGHIJ.pdf"),
        ("../../etc", "------etc-FB-ABCDEFGHIJ.pdf"),
        ("9" * 100, f"{'9' * 60}-FB-ABCDEFGHIJ.pdf"),
    ],
)
def test_attachment_has_a_name_that_xero_takes(number: str, name: str) -> None:
    assert attachment_name("ABCDEFGHIJKLMNOPQRSTUVWXYZ", number) == name


def test_short_identity_begins_the_identity() -> None:
    assert identity().startswith(short_identity(identity()))
    assert len(short_identity(identity())) == 10
