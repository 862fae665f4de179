"""Settings → API requests: what other systems sent last, with what came of it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.rest.models import KeptReply
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Shipment
from tests.rest.api_caller import Caller, caller
from tests.rest.test_shipment_api import tms  # noqa: F401 the same company
from tests.web.conftest import admin, operator, viewer  # noqa: F401 people who open pages
from tests.web.page_company import Visitor, assessed, company

QUERIES = 14
FILE = b"Shipment,Customer\nSHP-9,Acme\n"


def rows(page: str) -> list[list[str]]:
    """The cells of each row without their markup, but the first, which is the moment."""
    bodies = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", body, re.DOTALL)[1:] for body in bodies]
    return [[re.sub("<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def links(page: str) -> list[str]:
    return re.findall(r'data-label="What came of it"><a href="([^"]+)">', page)


def test_nothing_sent_yet_says_what_would_stand_here(operator: Visitor) -> None:  # noqa: F811
    assert "Nothing came by the API yet" in operator.text("api_intake")


def test_requests_stand_newest_first_with_their_key_and_a_way_to_what_they_made(
    tenant: Tenant, operator: Visitor, tms: Caller  # noqa: F811
) -> None:  # fmt: skip
    tms.post("shipments", {"number": "SHP-1", "charges": []})
    tms.post("customers", {"code": "NEW001", "name": "New Customer"})
    tms.post("charge-codes", {"code": "DOC", "name": "Documents"})
    tms.upload(FILE)

    page = operator.text("api_intake")

    assert rows(page) == [
        ["TMS", "POST /api/v1/uploads", "202", "Upload 1"],
        ["TMS", "POST /api/v1/charge-codes", "201", "Charge code DOC"],
        ["TMS", "POST /api/v1/customers", "201", "Customer NEW001"],
        ["TMS", "POST /api/v1/shipments", "201", "Shipment SHP-1"],
    ]
    with tenant_scope(tenant):
        shipment = Shipment.objects.get()
    assert (len(links(page)), links(page)[2]) == (3, f"/o/acme-freight/shipments/{shipment.public_id}/")
    assert [operator.client.get(link).status_code for link in links(page)] == [200, 200, 200]


def test_send_leads_to_its_page(tenant: Tenant, operator: Visitor) -> None:  # noqa: F811
    company(tenant)
    (shipment,) = assessed(tenant)
    caller(tenant).post("sends", {"shipments": [str(shipment.public_id)]})

    page = operator.text("api_intake")

    assert rows(page) == [["TMS", "POST /api/v1/sends", "202", "Send 1"]]
    assert links(page) == ["/o/acme-freight/sends/1/"]


def test_request_from_before_its_key_was_kept_is_shown_with_what_is_known(
    tenant: Tenant, operator: Visitor, tms: Caller  # noqa: F811
) -> None:  # fmt: skip
    tms.post("shipments", {"number": "SHP-1", "charges": []})
    with tenant_scope(tenant):
        KeptReply.objects.update(caller="", method="", path="")

    assert rows(operator.text("api_intake")) == [["—", "—", "201", "Shipment SHP-1"]]


def test_refused_and_repeated_requests_add_nothing(operator: Visitor, tms: Caller) -> None:  # noqa: F811
    body = {"number": "SHP-1", "charges": []}
    tms.post("shipments", {**body, "customer": "NOBODY"}, key="k-1")
    tms.post("shipments", body, key="k-2")
    tms.post("shipments", body, key="k-2")

    assert len(rows(operator.text("api_intake"))) == 1


@pytest.mark.parametrize("count", [1, 22])
def test_page_shows_the_last_twenty_under_one_number_of_queries(
    operator: Visitor, tms: Caller, count: int  # noqa: F811
) -> None:  # fmt: skip
    for number in range(count):
        tms.post("shipments", {"number": f"SHP-{number}", "charges": []})

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("api_intake")

    assert len(rows(page)) == min(count, 20)
    assert rows(page)[0][-1] == f"Shipment SHP-{count - 1}"
    assert len(queries) == QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_requests_are_for_those_who_see_settings_and_of_their_own_company(
    viewer: Visitor, admin: Visitor, other_tenant: Tenant  # noqa: F811
) -> None:  # fmt: skip
    caller(other_tenant).post("shipments", {"number": "SHP-1", "charges": []})

    assert viewer.get("api_intake").status_code == 403
    assert rows(admin.text("api_intake")) == []
