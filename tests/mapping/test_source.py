from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mapping.documents import MappedDocument, MappedLine
from integrations.mapping.source import DocumentKind, ExportableDocument, ExportableLine, Party, from_json, to_json
from tests.mapping.mapping_cases import source_of

amounts = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
words = st.text(max_size=20)
dates = st.dates()
lines = st.builds(
    ExportableLine,
    description=words, charge_code=words, quantity=amounts, unit_price=amounts, discount_percent=amounts,
    tax_code=words, tax_rate=amounts, net_amount=amounts, tax_amount=amounts, shipment_number=words,
)  # fmt: skip
documents = st.builds(
    ExportableDocument,
    kind=st.sampled_from(DocumentKind), source_id=words, export_version=st.integers(1, 99), number=words,
    party=st.builds(Party, code=words, name=words, email=words), issue_date=dates, due_date=dates, currency=words,
    base_currency=words, exchange_rate=amounts, customer_reference=words,
    all_references=st.lists(words, max_size=3).map(tuple), shipment_numbers=st.lists(words, max_size=3).map(tuple),
    lines=st.lists(lines, max_size=3).map(tuple), net_total=amounts, tax_total=amounts,
)  # fmt: skip
mapped_lines = st.builds(
    MappedLine,
    description=words, quantity=amounts, unit_amount=amounts, discount_percent=amounts, account_code=words,
    tax_type=words, item_code=words, net_amount=amounts, tax_amount=amounts, account_origin=words, tax_origin=words,
)  # fmt: skip
mapped_documents = st.builds(
    MappedDocument,
    kind=st.sampled_from(DocumentKind), customer_code=words, number=words, reference=words, issue_date=dates,
    due_date=dates, currency=words, exchange_rate=amounts, url=words, branding_theme_id=words, target_status=words,
    lines=st.lists(mapped_lines, max_size=3).map(tuple), net_total=amounts, tax_total=amounts,
)  # fmt: skip


@given(documents)
def test_exportable_document_survives_json(document: ExportableDocument) -> None:
    assert from_json(ExportableDocument, to_json(document)) == document


@given(mapped_documents)
def test_mapped_document_survives_json(document: MappedDocument) -> None:
    assert from_json(MappedDocument, to_json(document)) == document


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1E-4"), "0.0001"),
        (date(2026, 3, 2), "2026-03-02"),
        ((Decimal(1), "a"), ["1", "a"]),
        (None, None),
    ],
)
def test_value_is_written_so_that_nothing_is_rounded(value: object, written: object) -> None:
    assert to_json(value) == written


def test_document_of_a_version_that_knew_less_is_still_read() -> None:
    older = to_json(source_of({}))
    for name in ("tax_number", "street", "city"):
        del older["party"][name]

    assert from_json(ExportableDocument, older) == source_of({})


def test_total_is_net_and_tax() -> None:
    document = replace(source_of({}), net_total=Decimal("10.00"), tax_total=Decimal("1.00"))

    assert document.total == Decimal("11.00")


@pytest.mark.parametrize(
    ("kind", "is_purchase", "is_credit_note"),
    [
        ("quote", False, False),
        ("sales invoice", False, False),
        ("sales credit note", False, True),
        ("bill", True, False),
        ("bill credit note", True, True),
    ],
)
def test_kind_knows_its_side(kind: str, is_purchase: bool, is_credit_note: bool) -> None:
    assert (DocumentKind(kind).is_purchase, DocumentKind(kind).is_credit_note) == (is_purchase, is_credit_note)
