"""How a member has the shipment list: columns, density, the one next action, and rows that keep their place."""

import re
import uuid
from html import unescape
from urllib.parse import parse_qs, urlsplit

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroConnection, XeroDocument
from invoices.models import ListChoice
from tests.web.page_company import Visitor, assessed, company, sent

USUAL = ["Shipment", "Customer", "Route", "ETD", "Reference", "Amount", "State", "Invoice", "Exported", "Money"]


def headings(page: str) -> list[str]:
    """On a wide screen."""
    return re.findall(r"<th(?![^>]*phone-only)[^>]*>([A-Z][^<]*)</th>", page)


def rows(page: str) -> list[str]:
    return re.findall(r"<tr.*?</tr>", page.partition("<tbody")[2], re.DOTALL)


def next_actions(page: str) -> list[str]:
    """Of each row, what its card on a telephone offers."""
    cells = [row.rpartition('<td class="phone-only">')[2] for row in rows(page)]
    return [" ".join(re.sub("<[^>]+>", "", cell).split()) for cell in cells]


def test_columns_are_chosen_kept_for_the_member_alone_and_taken_back(
    tenant: Tenant, operator: Visitor, viewer: Visitor
) -> None:
    company(tenant)
    references = {"bl": ["BL-1", "BL-2"], "awb": ["AWB-3"], "container": ["MSKU1"]}
    assessed(tenant, branch="Perth", references=references, status="arrived")

    chosen = operator.post("list_columns", column=["amount", "bills", "containers", "branch", "status"])
    page = operator.text("shipments")

    assert chosen["HX-Refresh"] == "true"
    assert headings(page) == ["Shipment", "B/L, AWB", "Containers", "Branch", "Status", "Amount", "State"]
    for text in ("BL-1, BL-2, + 1 more", "MSKU1", "Perth", "Arrived"):
        assert text in rows(page)[0]
    assert headings(viewer.text("shipments")) == USUAL

    operator.post("list_columns", usual="yes", column=["amount"])

    assert headings(operator.text("shipments")) == USUAL


def test_list_may_do_without_every_column_that_can_be_chosen(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant)

    operator.post("list_columns")

    assert headings(operator.text("shipments")) == ["Shipment", "State"]


def test_column_that_is_gone_is_nobodys_any_more(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant)
    operator.post("list_columns", column=["amount"])
    with tenant_scope(tenant):
        ListChoice.objects.update(columns=["amount", "long gone"])

    assert headings(operator.text("shipments")) == ["Shipment", "Amount", "State"]


def test_density_holds_on_every_list_of_the_person_alone(operator: Visitor, viewer: Visitor) -> None:
    assert operator.client.post("/me/density/", {"density": "compact"}).status_code == 200

    assert [' data-density="compact"' in operator.text(page) for page in ("shipments", "invoices")] == [True, True]
    assert "data-density" not in viewer.text("shipments")
    assert operator.client.post("/me/density/", {"density": "crowded"}).status_code == 400
    operator.client.post("/me/", {"name": "Olga", "theme": "dark"})
    assert "data-density" not in operator.text("shipments")


def test_what_no_form_of_ours_sends_is_refused(tenant: Tenant, operator: Visitor) -> None:
    assert operator.post("list_columns", column=["amount", "password"]).status_code == 400
    with tenant_scope(tenant):
        assert not ListChoice.objects.exists()


def test_row_offers_the_one_thing_to_do_next(tenant: Tenant, operator: Visitor, viewer: Visitor) -> None:
    company(tenant)
    problem = {"code": "FB-301", "subject": "FRT", "words": {"charge_code": "FRT", "side": "sales"}}
    for number, fields in {"SHP-1": {}, "SHP-2": {"incoterm": ""}, "SHP-3": {"do_not_send_reason": "by hand"}}.items():
        assessed(tenant, number=number, **fields)
    sent(tenant, assessed(tenant, number="SHP-4"), state="attention", problems=[problem], problem_code="FB-301")
    sent(tenant, assessed(tenant, number="SHP-5"))
    with tenant_scope(tenant):
        XeroConnection.objects.update(short_code="!acme")

    page = operator.text("shipments")

    assert next_actions(page) == [
        "Open in Xero: SHP-5", "Choose account: SHP-4", "", "Edit the shipment: SHP-2", "Send SHP-1",
    ]  # fmt: skip
    assert 'data-bs-toggle="tooltip"' in rows(viewer.text("shipments"))[-1]


def test_row_that_leaves_its_tab_keeps_its_place_while_the_list_refreshes_itself(
    tenant: Tenant, operator: Visitor
) -> None:
    company(tenant)
    first, second, third = assessed(tenant, 3)
    sent(tenant, [first, second, third], state="sending")
    page = operator.text("shipments", state="in-progress")
    address = unescape(re.search(r'id="list"[^>]*hx-get="\?([^"]+)" hx-trigger="every 2s"', page)[1])
    with tenant_scope(tenant):
        XeroDocument.objects.filter(invoice__lines__shipment=second).update(state="in xero", xero_id=uuid.uuid4())

    again = operator.text("shipments", **{name: values[0] for name, values in parse_qs(address).items()})

    shown = [re.search(r">(SHP-\d+)<", row)[1] for row in rows(again)]
    assert shown == [third.number, second.number, first.number]
    assert ["row-moved" in row for row in rows(again)] == [False, True, False]
    assert "kept=" not in "".join(re.findall(r'href="(\?[^"]*)"', again))
    assert len(rows(operator.text("shipments", state="in-progress"))) == 2
    assert urlsplit(f"?{address}").query == address


def test_ids_that_cannot_be_read_are_no_rows(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant)

    assert rows(operator.text("shipments", state="in-progress", kept="one,two")) == []
