"""Which document in Xero is which of ours, whatever the order in which Xero lists them."""

from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from integrations.reconciliation.judge_adoption import DOUBTFUL, EXACT, LIKELY, NONE, OurDocument, match_documents


def ours(number: str, total: str = "110.00", **fields: Any) -> OurDocument:
    names = {"names": (number,), "references": (f"PO-{number}",), "contact_id": "", "contact_name": "Aroha Imports"}
    return OurDocument(**{**names, "total": Decimal(total), "currency": "AUD", **fields})


def theirs(number: str, total: str = "110.0", contact: str = "Aroha Imports", **fields: Any) -> dict[str, Any]:
    return {
        "InvoiceID": f"id-{number}", "InvoiceNumber": number, "Total": Decimal(total), "CurrencyCode": "AUD",
        "Status": "AUTHORISED", "Contact": {"Name": contact}, "Reference": "", **fields,
    }  # fmt: skip


def matched(own: list[OurDocument], elements: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    found = match_documents(own, elements)
    return {
        one.names[0]: (band, element.get("InvoiceNumber", "")) for one, (band, element) in zip(own, found, strict=True)
    }


def test_weaker_claim_leaves_a_document_to_whom_it_fits_better_in_any_order() -> None:
    elements = [
        theirs("EXACT"), theirs("OLD-2", contact="Somebody Else", Reference="job LIKELY"), theirs("OTHER", "55.0"),
    ]  # fmt: skip
    own = [ours("EXACT"), ours("LIKELY"), ours("OTHER"), ours("NEW", "84.70")]

    answers = [
        matched(list(mine), list(there)) for mine in permutations(own) for there in permutations(elements)
    ]  # fmt: skip

    assert all(
        answer
        == {"EXACT": (EXACT, "EXACT"), "LIKELY": (LIKELY, "OLD-2"), "OTHER": (DOUBTFUL, "OTHER"), "NEW": (NONE, "")}
        for answer in answers
    )


def test_two_that_fit_equally_well_are_doubtful_and_so_are_two_of_ours_for_one() -> None:
    twice = matched([ours("A")], [theirs("A"), {**theirs("A"), "InvoiceID": "id-again"}])
    shared = matched([ours("A"), ours("B")], [theirs("X", Reference="A, B")])

    assert twice == {"A": (DOUBTFUL, "A")}
    assert shared == {"A": (DOUBTFUL, "X"), "B": (DOUBTFUL, "X")}


@pytest.mark.parametrize(
    ("element", "band"),
    [
        (theirs("a"), EXACT),
        (theirs("A", contact="Other"), LIKELY),
        (theirs("9", contact="Other", Reference="po-a;old"), LIKELY),
        (theirs("A", "1.0"), DOUBTFUL),
        (theirs("9"), DOUBTFUL),
        (theirs("9", contact="Other"), NONE),
        (theirs("A", Status="VOIDED"), NONE),
        (theirs("A", CurrencyCode="NZD"), DOUBTFUL),
    ],
)
def test_bands(element: dict[str, Any], band: str) -> None:
    assert matched([ours("A")], [element])["A"][0] == band
