import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.problem_catalogue.codes import CATALOGUE
from integrations.problem_catalogue.xero_texts import problem_of, problems_of

ARCHIVED = (
    "The contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes"
)
NAME_TAKEN = (
    "The contact name Alok is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)
OURS = {"customer": "ALOK", "contact": "Alok Traders", "number": "INV-1", "charge_code": "FRT", "date": "2026-03-02"}


@pytest.mark.parametrize(
    ("message", "code", "learnt"),
    [
        ("Invoice # must be unique.", "FB-502", {}),
        ("Credit note # must be unique.", "FB-502", {}),
        ("Credit Note # must be unique.", "FB-502", {}),
        ("Account code '999' is not a valid code for this document.", "FB-302", {"account": "999"}),
        (
            "Account code '318' has been archived, or has been deleted. Each line item must reference a valid account.",
            "FB-302",
            {"account": "318"},
        ),
        ("Account code must be specified", "FB-302", {}),
        ("Account must be valid.", "FB-302", {}),
        (
            "The TaxType code 'INPUT' cannot be used with account code '200'.",
            "FB-306",
            {"tax_name": "INPUT", "account": "200"},
        ),
        (
            "The TaxType code OUTPUT9 does not exist or cannot be used for this type of transaction.",
            "FB-305",
            {"tax_type": "OUTPUT9"},
        ),
        ("Tax rate must be valid.", "FB-305", {}),
        ("Organisation is not subscribed to currency CHF", "FB-402", {"currency": "CHF"}),
        (
            "The document date cannot be before the period lock date, currently set at 30 June 2024",
            "FB-403",
            {"lock_date": "30 June 2024"},
        ),
        (
            "The document date cannot be before the end of year lock date, currently set at 31 December 2024",
            "FB-403",
            {"lock_date": "31 December 2024"},
        ),
        (
            ARCHIVED,
            "FB-202",
            {},
        ),
        ("The specified contact details matched an archived contact.", "FB-202", {}),
        (
            NAME_TAKEN,
            "FB-205",
            {},
        ),
        ("You have reached the limit of invoices you can approve", "FB-505", {}),
        ("Invoice not of valid status for modification", "FB-506", {}),
        ("This document cannot be edited as it has a payment or credit note allocated to it.", "FB-506", {}),
        ("Item code 'XX' is not valid", "FB-308", {"item": "XX"}),
        ("The moon is in the wrong quarter.", "FB-501", {}),
        ("", "FB-501", {}),
    ],
)
def test_message_is_understood(message: str, code: str, learnt: dict[str, str]) -> None:
    told = problem_of(message, words=OURS)

    assert told.code == code
    assert told.named_words == OURS | learnt | {"xero": message}


def test_every_message_becomes_a_problem_of_its_own() -> None:
    told = problems_of(["Tax rate must be valid.", "Invoice # must be unique."], words={})

    assert [one.code for one in told] == ["FB-305", "FB-502"]


def test_same_unknown_words_wait_for_the_same_mend() -> None:
    assert (
        problem_of("Odd.", words={"number": "1"}).subject == problem_of("Odd.", words={"number": "2"}).subject == "Odd."
    )


def test_subject_is_the_customer_where_a_contact_was_refused() -> None:
    told = problem_of("Odd.", words={"customer": "ALOK", "subject": "ALOK"})

    assert told.subject == "ALOK"
    assert told.named_words == {"customer": "ALOK", "xero": "Odd."}


@given(st.text(max_size=300))
def test_whatever_xero_says_is_in_the_catalogue(message: str) -> None:
    assert problem_of(message, words=OURS).code in CATALOGUE
