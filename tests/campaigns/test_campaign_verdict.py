"""The verdict of the fault campaign: right books pass, and each break is called by its name."""

from dataclasses import replace
from typing import Any

import pytest

from tests.campaigns.fault_campaign.campaign_verdict import AttachedFile, Invariant, SentDocument, judge

PDF = AttachedFile("INV-1-FB-ABCDEFGHIJ.pdf", 5, "a5")
LINE = {"account_code": "200", "tax_type": "OUTPUT", "line_amount": "10.00"}
THERE: dict[str, Any] = {
    "id": "id-1", "type": "ACCREC", "status": "AUTHORISED", "number": "INV-1", "reference": "PO 7", "total": "11.00",
    "tax": "1.00", "currency": "AUD", "contact_account_number": "CUST1", "lines": [LINE],
    "created_by": "sandbox-client", "url": "http://localhost/d/IDENTITY1",
    "attachments": [{"file_name": PDF.name, "size": 5, "sha256": "a5"}],
}  # fmt: skip
SENT = SentDocument(
    name="INV-1",
    mark="IDENTITY1",
    state="done",
    xero_id="id-1",
    target_status="AUTHORISED",
    figures={
        "number": "INV-1", "total": "11.00", "tax": "1.00", "currency": "AUD", "contact": "CUST1",
        "lines": "200 OUTPUT 10.00",
    },
    file=PDF,
    covers=("SHP-1",),
    is_planted=False,
    is_told=True,
)  # fmt: skip
STOPPED = replace(SENT, state="rejected", xero_id="", is_planted=True)


def found(sent: list[SentDocument], *in_xero: dict[str, Any], wanted: tuple[str, ...] = ("SHP-1",)) -> list[str]:
    return [one.invariant for one in judge(sent, in_xero, wanted=wanted).broken]


@pytest.mark.parametrize(
    ("sent", "in_xero"),
    [
        (SENT, [THERE]),
        (SENT, [THERE | {"status": "PAID"}]),
        (SENT, [THERE, THERE | {"id": "id-2", "status": "DELETED"}]),
        (SENT, [THERE, THERE | {"id": "id-2", "created_by": "a person"}]),
        (STOPPED, []),
        (replace(STOPPED, state="attention", xero_id="id-1"), [THERE | {"status": "DRAFT"}]),
    ],
)
def test_what_is_right_is_not_complained_of(sent: SentDocument, in_xero: list[dict[str, Any]]) -> None:
    assert found([sent], *in_xero) == []


@pytest.mark.parametrize(
    ("sent", "in_xero", "broken"),
    [
        (SENT, [THERE, THERE | {"id": "id-2"}], Invariant.DUPLICATES),
        # Voided since: it was there twice all the same.
        (SENT, [THERE, THERE | {"id": "id-2", "status": "VOIDED"}], Invariant.DUPLICATES),
        (STOPPED, [THERE], Invariant.DUPLICATES),
        (SENT, [THERE, THERE | {"id": "id-2", "status": "DRAFT"}], Invariant.STRAYS),
        (SENT, [], Invariant.LOST),
        (SENT, [THERE | {"status": "VOIDED"}], Invariant.LOST),
        (replace(SENT, state="unknown"), [THERE], Invariant.STUCK),
        (replace(SENT, is_told=False), [THERE], Invariant.SILENT),
        (replace(STOPPED, is_told=False), [], Invariant.SILENT),
        (replace(STOPPED, is_planted=False), [], Invariant.NEEDLESS),
        (SENT, [THERE | {"status": "DRAFT"}], Invariant.MISMATCHES),
        (SENT, [THERE | {"total": "11.01"}], Invariant.MISMATCHES),
        (SENT, [THERE | {"currency": "NZD"}], Invariant.MISMATCHES),
        (SENT, [THERE | {"contact_account_number": "CUST2"}], Invariant.MISMATCHES),
        (SENT, [THERE | {"lines": [LINE, LINE]}], Invariant.MISMATCHES),
        (replace(STOPPED, state="attention", xero_id="id-1"), [THERE], Invariant.MISMATCHES),
        (SENT, [THERE | {"attachments": []}], Invariant.MISSING_PDFS),
        (SENT, [THERE | {"attachments": THERE["attachments"] * 2}], Invariant.MISSING_PDFS),
        (
            SENT,
            [THERE | {"attachments": [{"file_name": PDF.name, "size": 5, "sha256": "other bytes"}]}],
            Invariant.MISSING_PDFS,
        ),
        (replace(SENT, file=None), [THERE], Invariant.MISSING_PDFS),
    ],
)
def test_break_is_found(sent: SentDocument, in_xero: list[dict[str, Any]], broken: Invariant) -> None:
    assert found([sent], *in_xero) == [broken]


def test_document_that_never_came_into_the_outbox_is_lost() -> None:
    assert found([SENT], THERE, wanted=("SHP-1", "SHP-2")) == [Invariant.LOST]


def test_shipment_that_was_billed_twice_is_a_duplicate() -> None:
    again = replace(SENT, mark="IDENTITY2", xero_id="id-2", file=None)
    there = THERE | {"id": "id-2", "url": "http://localhost/d/IDENTITY2", "attachments": []}

    assert found([SENT, again], THERE, there) == [Invariant.DUPLICATES]


@pytest.mark.parametrize(
    ("kind", "mark", "shown"),
    [
        ("QUOTE", "ABCDEFGHIJ", {"reference": "PO 7 ABCDEFGHIJ", "url": ""}),
        ("ACCRECCREDIT", "ABCDEFGHIJ", {"reference": "ABCDEFGHIJ", "url": ""}),
        ("ACCPAYCREDIT", "S-77", {"number": "S-77", "reference": "", "url": ""}),
    ],
)
def test_copy_is_known_by_its_mark_whatever_its_kind(kind: str, mark: str, shown: dict[str, str]) -> None:
    there = THERE | {"type": kind} | shown
    sent = replace(SENT, mark=mark, figures=SENT.figures | {"number": there["number"]})

    assert found([sent], there, there | {"id": "id-2"}) == [Invariant.DUPLICATES]
