import pytest

from invoices.models.invoice import InvoiceKind
from invoices.pdf.document_words import CUSTOMER_WORDS, DUE_WORDS, TITLES, notes_of


@pytest.mark.parametrize("words", [TITLES, CUSTOMER_WORDS, DUE_WORDS])
def test_every_kind_of_invoice_has_its_words(words: dict[str, str]) -> None:
    assert set(words) == set(InvoiceKind.values)


def test_quote_and_credit_note_say_that_nothing_is_to_be_paid() -> None:
    quote = notes_of("quote", number="Q-1", credited="", valid_until="1 Apr 2026")
    credit = notes_of("sales credit note", number="CN-1", credited="INV-7", valid_until="")

    assert quote[0] == "This is a quote and no invoice: there is nothing to pay yet. It is valid until 1 Apr 2026."
    assert credit == ("This credit note takes back what it lists of INV-7. There is nothing to pay.",)
    assert notes_of("sales invoice", number="INV-1", credited="", valid_until="") == ()
