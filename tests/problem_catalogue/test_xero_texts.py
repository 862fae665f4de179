import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.problem_catalogue.codes import CATALOGUE
from integrations.problem_catalogue.describe import describe
from integrations.problem_catalogue.xero_texts import TEXTS as TEXTS_KNOWN
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


# Every text that the fact sheet of Xero's API names, and the spellings of it that were seen: code, and what is learnt.
TEXTS: dict[str, tuple[str, dict[str, str]]] = {
    "Invoice # must be unique.": ("FB-502", {}),
    "Credit note # must be unique.": ("FB-502", {}),
    "Credit Note # must be unique.": ("FB-502", {}),
    "Order number must be unique": ("FB-502", {}),
    "Quote number must be unique": ("FB-502", {}),
    "Account code '999' is not a valid code for this document.": ("FB-302", {"account": "999"}),
    "Account code '318' has been archived, or has been deleted. Each line item must reference a valid account.": (
        "FB-302", {"account": "318"},
    ),
    "Account code '476' has been removed as it does not match a recognised account.": ("FB-302", {"account": "476"}),
    "Account must be valid.": ("FB-302", {}),
    "Account code must be specified": ("FB-301", {}),
    "Tax rate must be valid.": ("FB-305", {}),
    "The TaxType code GST on Income does not exist or cannot be used for this type of transaction.": (
        "FB-305", {"tax_type": "GST on Income"},
    ),
    "The TaxType code 'OUTPUT9' does not exist or cannot be used for this type of transaction.": (
        "FB-305", {"tax_type": "OUTPUT9"},
    ),
    "The TaxType code 'EXEMPTOUTPUT' cannot be used with account code '51305'.": (
        "FB-306", {"tax_name": "EXEMPTOUTPUT", "account": "51305"},
    ),
    "Organisation is not subscribed to currency USD": ("FB-402", {"currency": "USD"}),
    "The document date cannot be before the period lock date, currently set at 30 June 2024": (
        "FB-403", {"lock_date": "30 June 2024"},
    ),
    "The document date cannot be before the end of year lock date, currently set at June 30, 2026.": (
        "FB-403", {"lock_date": "June 30, 2026"},
    ),
    "The document date cannot be before the period lock date of 30 June 2026": (
        "FB-403", {"lock_date": "30 June 2026"},
    ),
    "The document date cannot be before the end of year lock date": ("FB-403", {}),
    "Invoice not of valid status for modification": ("FB-506", {}),
    "Credit Note not of valid status for modification": ("FB-506", {}),
    "This document cannot be edited as it has a payment or credit note allocated to it.": ("FB-506", {}),
    "Invoice not of valid status for creation": ("FB-503", {}),
    "One or more line items must be specified": ("FB-401", {"text": "Xero takes no document without a line."}),
    "A Contact must be specified for this type of transaction": (
        "FB-401", {"text": "Xero takes no document without a contact."},
    ),
    "The line total 1.00 does not match the expected line total 100.00": (
        "FB-504",
        {
            "ours": "1.00", "theirs": "100.00", "differences": "line total: 1.00 here, 100.00 in Xero",
            "standing": "was not taken",
        },
    ),
    NAME_TAKEN: ("FB-205", {}),
    "Please enter a unique Name.": ("FB-205", {}),
    "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the "
    "API.": ("FB-202", {}),
    ARCHIVED: ("FB-202", {}),
    "The status 'ARCHIVED' is not valid for contacts": ("FB-202", {}),
    "Price List Item with Code 'abc' already exists": ("FB-311", {"item": "abc"}),
    "Item code 'XX' is not valid": ("FB-308", {"item": "XX"}),
    "An existing Credit Note with the specified CreditNoteID could not be found": ("FB-512", {}),
    "An existing Invoice with the specified InvoiceID could not be found": ("FB-512", {}),
    "Email address must be valid.": ("FB-206", {}),
    "Website must be valid": ("FB-206", {}),
    "Url must be a valid absolute url": ("FB-603", {}),
    "Payment amount exceeds the amount outstanding on this document": ("FB-513", {}),
    "You have reached the limit of invoices you can approve": ("FB-505", {}),
    "The moon is in the wrong quarter.": ("FB-501", {}),
    "": ("FB-501", {}),
}  # fmt: skip


@pytest.mark.parametrize("message", TEXTS)
def test_message_is_understood(message: str) -> None:
    code, learnt = TEXTS[message]

    told = problem_of(message, words=OURS)

    assert told.code == code
    assert told.named_words == OURS | learnt | {"xero": message}
    assert "{" not in describe(told).text


def test_every_pattern_is_one_of_a_text_that_was_seen() -> None:
    seen = [one for one in TEXTS_KNOWN if any(re.search(one.pattern, text, re.IGNORECASE) for text in TEXTS)]

    assert [one.pattern for one in TEXTS_KNOWN if one not in seen] == []


@pytest.mark.parametrize("field", ["charge_code", "customer"])
def test_what_a_document_lacks_leads_to_its_field(field: str) -> None:
    text = {"charge_code": "One or more line items must be specified", "customer": "A Contact must be specified"}[field]

    assert problem_of(text, words=OURS).subject == field


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
