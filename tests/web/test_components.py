from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.capped_counts import capped_counts, count_text
from freightbridge.ui.tabs import query_without
from freightbridge.ui.templatetags.components import moment, money, number, price
from integrations.web.state_words import ACCOUNTING, accounting_pill, money_pill
from integrations.web.xero_links import contact_link, document_link
from invoices.models import Customer
from tests.conftest import NOW
from tests.freight_factories import CustomerFactory

CLASSIC = "https://go.xero.com/organisationlogin/default.aspx?shortcode=%21ab12"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(Decimal(1250), "1,250.00"), (Decimal("-0.5"), "-0.50"), (Decimal("1234567.891"), "1,234,567.89")],
)
def test_money_has_its_currency_and_two_decimals(amount: Decimal, shown: str) -> None:
    assert money(amount, "AUD") == f'<span class="money"><small>AUD</small> {shown}</span>'


def test_money_that_is_not_known_is_a_dash() -> None:
    assert (money(None, "AUD"), number(None), price(None), moment(None)) == ("—", "—", "—", "—")


@pytest.mark.parametrize(
    ("value", "as_number", "as_price"),
    [
        ("1.0000", "1", "1.00"),
        ("2347.4000", "2,347.4", "2,347.40"),
        ("0.0001", "0.0001", "0.0001"),
        ("1E+3", "1,000", "1,000.00"),
    ],
)
def test_numbers_say_no_more_than_they_know(value: str, as_number: str, as_price: str) -> None:
    assert (number(Decimal(value)), price(Decimal(value))) == (as_number, as_price)


def test_moments_are_shown_in_the_companys_time_zone() -> None:
    with timezone.override(ZoneInfo("Australia/Sydney")):
        shown = moment(datetime(2026, 3, 2, 20, 5, tzinfo=UTC))

    assert shown == (
        '<time datetime="2026-03-02T20:05:00+00:00" title="Tuesday 03 March 2026, 07:05:00 AEDT">'
        "3 Mar 2026, 07:05</time>"
    )


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1000, "1,000"), (1001, "1,000+")])
def test_counts_stop_where_nobody_reads_on(count: int, text: str) -> None:
    assert count_text(count) == text


def test_counts_of_lists_that_can_hold_nothing_are_none(in_tenant: Tenant) -> None:
    CustomerFactory.create_batch(2)

    counts = capped_counts({"all": Customer.objects.all(), "none": Customer.objects.filter(pk__in=[])})

    assert counts == {"all": 2, "none": 0}


@pytest.mark.parametrize(
    ("query", "rest"), [("", ""), ("a=1&b=", "a=1&"), ("state=x&q=y&after=z", "q=y&"), ("s=1&s=2", "s=1&s=2&")]
)
def test_query_without_some_parameters_keeps_the_others(query: str, rest: str) -> None:
    assert query_without(QueryDict(query), "state", "after") == rest


@pytest.mark.parametrize(
    ("seconds", "label"), [(0, "Sending"), (89, "Sending"), (90, "Checking with Xero"), (900, "Checking with Xero")]
)
def test_unknown_outcome_is_called_by_its_name_after_a_while(seconds: int, label: str) -> None:
    since = datetime.fromtimestamp(NOW.timestamp() - seconds, tz=UTC)

    assert accounting_pill("unknown", unknown_since=since, now=NOW).label == label


def test_states_have_the_words_of_the_design() -> None:
    assert {state: pill.label for state, pill in ACCOUNTING.items()} == {
        "nothing": "Nothing to invoice", "not ready": "Not ready", "ready": "Ready", "cancelled": "Ready",
        "do not send": "Do not send", "queued": "Queued", "sending": "Sending", "unknown": "Checking with Xero",
        "attention": "Needs attention", "by file": "Exported by file", "in xero": "In Xero", "voided": "Voided",
    }  # fmt: skip
    assert (ACCOUNTING["in xero"].alias, ACCOUNTING["attention"].alias) == ("Processed", "Rejected")
    assert [pill.label for state in ("unpaid", "part-paid", "paid", "credited") if (pill := money_pill(state))] == [
        "Unpaid", "Part-paid", "Paid", "Credited",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("sales invoice", "https://go.xero.com/app/!ab12/invoicing/view/1"),
        ("quote", "https://go.xero.com/app/!ab12/quotes/view/1"),
        (
            "bill",
            f"{CLASSIC}&redirecturl=%2FAccountsPayable%2FEdit.aspx%3FInvoiceID%3D1",
        ),
        (
            "sales credit note",
            f"{CLASSIC}&redirecturl=%2FAccountsReceivable%2FViewCreditNote.aspx%3FcreditNoteID%3D1",
        ),
    ],
)
def test_links_into_xero(settings: object, kind: str, address: str) -> None:
    settings.XERO_WEB_BASE_URL = "https://go.xero.com"  # type: ignore[attr-defined]

    assert document_link(short_code="!ab12", kind=kind, xero_id=1) == address
    assert document_link(short_code="", kind=kind, xero_id=1) == ""
    assert document_link(short_code="!ab12", kind=kind, xero_id=None) == ""
    assert contact_link(short_code="!ab12", contact_id=2) == "https://go.xero.com/app/!ab12/contacts/contact/2"
