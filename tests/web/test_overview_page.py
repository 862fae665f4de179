import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroDocument
from invoices.models import Invoice, Shipment
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW, PASSWORD, make_member
from tests.freight_factories import ChargeCodeFactory, ChargeFactory
from tests.web.page_company import Visitor, assessed, company, sent

QUERIES = 47
TILE = re.compile(r'<a class="card tile plain-link" href="([^"]+)">(.*?)</a></li>', re.DOTALL)


def words(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def tiles(page: str) -> dict[str, tuple[str, str]]:
    """By title: what stands on it, and where it leads."""
    found = {}
    for address, inside in TILE.findall(page):
        title = words(re.search(r'tile-title">(.*?)</span>', inside, re.DOTALL)[1])
        found[title] = (words(inside).removeprefix(title).strip(), unescape(address))
    return found


def listed(visitor: Visitor, address: str) -> int:
    """How many rows the list behind an address has."""
    response = visitor.client.get(address)
    assert response.status_code == 200
    return len(response.context["rows"])


@pytest.fixture
def busy(tenant: Tenant, operator: Visitor) -> Visitor:
    """Two ready, one not, two stopped by different causes, three in Xero of which one is overdue and one paid."""
    company(tenant)
    assessed(tenant, 2)
    assessed(tenant, incoterm="")
    for code in ("FB-301", "FB-502"):
        problem = {"code": code, "subject": "FRT", "words": {"charge_code": "FRT", "side": "sales"}}
        known = {"state": "attention", "problems": [problem], "problem_code": code}
        sent(tenant, assessed(tenant), **known, document={"problem_code": code})
    sent(tenant, assessed(tenant, 3), document={"money_state": "unpaid", "xero_status": "AUTHORISED"})
    with tenant_scope(tenant):
        today = read_clock().astimezone(tenant.zone).date()
        old, new, paid = Invoice.objects.filter(xero_document__state="in xero").order_by("id")
        Invoice.objects.filter(pk=old.pk).update(due_date=today - timedelta(days=40))
        Invoice.objects.filter(pk__in=[new.pk, paid.pk]).update(due_date=today)
        XeroDocument.objects.filter(invoice=new).update(money_state="part-paid", amount_due=Decimal("100.00"))
        XeroDocument.objects.filter(invoice=paid).update(
            money_state="paid", amount_due=0, fully_paid_date=today, sent_at=read_clock()
        )
    return operator


def test_tiles_count_what_the_lists_behind_them_show(busy: Visitor) -> None:
    found = tiles(busy.text("overview"))

    assert {title: text for title, (text, _) in found.items() if title != "Oldest unsent"} == {
        "Ready": "2 AUD 2,500.00 1 not ready, 0 on their way",
        "Needs attention": "2 shipments stopped: 2 yours to mend",
        "In Xero, unpaid": "2 AUD 1,475.00",
        "Overdue": "1 AUD 1,375.00",
    }
    counts = {title: listed(busy, address) for title, (_, address) in found.items() if title != "Oldest unsent"}
    assert counts == {"Ready": 2, "Needs attention": 2, "In Xero, unpaid": 2, "Overdue": 1}


def test_causes_lead_to_where_each_of_them_is_mended(busy: Visitor) -> None:
    assert 'hx-get="/o/acme-freight/attention/top/"' in busy.text("overview")
    page = busy.text("attention_top")
    causes = dict(re.findall(r'<a href="([^"]+/attention/[0-9a-f-]{36}/)">([^<]+)</a>', page))

    stopped, missing = sorted(list(causes.values())[:2]), list(causes.values())[2:]
    assert stopped == ["Charge code FRT has no ledger account for sales.", "Number is taken in Xero."]
    assert missing == ["No Incoterm: a booking needs one."]
    assert [len(busy.client.get(address).context["shipments"]) for address in causes] == [1, 1, 1]


def test_only_the_causes_that_hold_up_most_stand_there(tenant: Tenant, operator: Visitor) -> None:
    assert "All clear" in operator.text("attention_top")
    company(tenant)
    for number in range(7):
        with tenant_scope(tenant):
            code = ChargeCodeFactory(code=f"C{number}")
            shipments = [ChargeFactory(charge_code=code).shipment for _ in range(1 + number % 2)]
            assess_shipments([shipment.pk for shipment in shipments], tenant=tenant, now=NOW)

    page = operator.text("attention_top")

    assert re.findall(r"(\d) shipment", page) == ["2", "2", "2", "1", "1"]
    assert "and 2 further causes" in page


def test_what_is_ready_can_be_sent_from_here(tenant: Tenant, operator: Visitor, viewer: Visitor) -> None:
    company(tenant)
    assert "Send 1 ready to Accounting" not in operator.text("overview")
    assessed(tenant, 2)
    assessed(tenant, incoterm="")

    assert "Send 2 ready to Accounting" in operator.text("overview")
    dialog = operator.post("send_dialog", all="1", filters="state=ready").content.decode()
    assert "2 shipments</strong> will be sent" in dialog
    assert "Your role is Viewer" in viewer.text("overview")


def test_oldest_unsent_names_the_shipment_and_leads_to_it(tenant: Tenant, busy: Visitor) -> None:
    with tenant_scope(tenant):
        oldest = Shipment.objects.filter(accounting_state="not ready").get()
        Shipment.objects.filter(pk=oldest.pk).update(list_date="2020-01-01")

    text, address = tiles(busy.text("overview"))["Oldest unsent"]

    assert text.endswith(f"days {oldest.number}")
    assert str(oldest.public_id) in address


def test_plots_have_their_numbers_beside_them(busy: Visitor) -> None:
    page = busy.text("overview")

    assert "Documents per day: 1 sent, 0 that needed attention, 1 paid." in page
    assert page.count("<summary>Show numbers</summary>") == 3
    last_day = words(re.findall(r'<tr><th scope="row">\d+ \w+</th>.*?</tr>', page)[-1])
    assert last_day.split()[2:] == ["1", "0", "1"]
    owed = words(re.search('aria-label="Receivables by age AUD">(.*?)</table>', page, re.DOTALL)[1])
    assert "Not due 1 100.00 1–30 days 0 0.00 31–60 days 1 1,375.00" in owed


@pytest.mark.parametrize("count", [1, 3])
def test_overview_takes_the_same_number_of_queries_for_any_number_of_shipments(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    company(tenant)
    assessed(tenant, count)
    sent(tenant, assessed(tenant, count))

    with CaptureQueriesContext(connection) as queries:
        operator.text("overview")

    assert len(queries) == QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_company_without_freight_sees_the_set_up_list(tenant: Tenant, operator: Visitor, viewer: Visitor) -> None:
    assert "Set-up: 0 of 7 steps done" in operator.text("overview")
    assert "No shipments yet" in operator.text("overview")
    assert "Set-up" not in viewer.text("overview")


def test_signing_in_leads_to_the_overview(tenant: Tenant) -> None:
    client = Client()
    client.login(email=make_member(tenant, "viewer").email, password=PASSWORD)

    assert client.get("/")["Location"] == "/o/acme-freight/"


def test_last_send_and_the_calls_left_are_told(busy: Visitor) -> None:
    page = words(busy.text("overview"))

    assert "Last send: 3 of 3 in Xero" in page
    assert "Today: 1,000 of 1,000" in page
