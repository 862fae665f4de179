import re
import uuid
from typing import Any

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SendBatch
from invoices.models import Shipment
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW
from tests.freight_factories import ChargeFactory, ready_shipment
from tests.web.page_company import Visitor, assessed, company, sent, visitor


def ids(shipments: list[Shipment]) -> list[str]:
    return [str(shipment.public_id) for shipment in shipments]


def hidden(page: str, name: str) -> list[str]:
    return re.findall(f'name="{name}" value="([^"]*)"', page)


def dialog(person: Visitor, **data: Any) -> str:
    response = person.post("send_dialog", **data)
    assert response.status_code == 200
    return response.content.decode()


def test_send_dialog_says_where_it_goes_how_much_and_what_is_skipped(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    going = assessed(tenant, 2) + assessed(tenant, currency="NZD", exchange_rate="1.08")
    stuck = assessed(tenant, number="SHP-STUCK", incoterm="")

    page = dialog(operator, shipment=ids(going + stuck))

    assert "3 shipments" in page
    assert "Harbour &amp; Hinterland" in page
    assert re.findall(r"<small>(\w+)</small> ([\d,.]+)<", page) == [("AUD", "2,500.00"), ("NZD", "1,250.00")]
    assert "1 will be skipped" in page
    assert "SHP-STUCK</strong>: No Incoterm: a booking needs one." in page
    assert sorted(hidden(page, "shipment")) == sorted(ids(going + stuck))


def chosen_sides(page: str) -> list[str]:
    return re.findall(r'name="sides" value="([^"]+)" form="send-form" checked', page)


def test_send_dialog_remembers_what_was_chosen_last(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    first, second = assessed(tenant, 2)
    with tenant_scope(tenant):
        for one in (first, second):
            ChargeFactory(shipment=one, side="cost")
        assess_shipments([first.pk, second.pk], tenant=tenant, now=NOW)

    before = dialog(operator, shipment=ids([first]))
    operator.post("send", shipment=ids([first]), sides="sales and costs", form_token=uuid.uuid4())
    after = dialog(operator, shipment=ids([second]))
    colleague = dialog(visitor(tenant, "admin"), shipment=ids([second]))

    assert [chosen_sides(page) for page in (before, after, colleague)] == [["sales"], ["sales and costs"], ["sales"]]


def test_send_dialog_names_twenty_of_the_skipped_and_counts_the_rest(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    page = dialog(operator, shipment=ids(assessed(tenant, 22, incoterm="")))

    assert page.count("a booking needs one") == 20
    assert "and 2 more" in page
    assert "Send 0" not in page


def test_send_dialog_without_a_connection_offers_no_button(tenant: Tenant, operator: Visitor) -> None:
    with tenant_scope(tenant):
        shipment = ready_shipment()

    page = dialog(operator, shipment=ids([shipment]))

    assert "No organisation in Xero is connected yet" in page
    assert "autofocus" not in page


def test_send_makes_a_batch_and_leads_to_it(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    shipments = assessed(tenant, 2)

    response = operator.post("send", shipment=ids(shipments), form_token=uuid.uuid4())

    with tenant_scope(tenant):
        (batch,) = SendBatch.objects.all()
        members = list(batch.members.order_by("id").values_list("shipment_id", flat=True))
        waiting = list(WorkItem.objects.filter(kind="prepare batch").values_list("subject_id", flat=True))
    assert (response.status_code, response["Location"]) == (302, f"/o/acme-freight/sends/{batch.number}/")
    assert sorted(members) == [shipment.pk for shipment in shipments]
    assert batch.started_by == "operator@acme-freight.example"
    assert waiting == [batch.pk]


def test_send_twice_from_one_dialog_finds_the_first_batch(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    selection = {"shipment": ids(assessed(tenant, 2)), "form_token": uuid.uuid4()}

    answers = [operator.post("send", **selection)["Location"] for _ in range(2)]

    assert answers == ["/o/acme-freight/sends/1/"] * 2
    with tenant_scope(tenant):
        assert SendBatch.objects.count() == 1


def test_send_all_that_match_takes_every_page_of_the_list(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, 3, mode="air")
    assessed(tenant, 2, mode="sea")

    operator.post("send", all="1", filters="mode=air&state=ready&after=xyz", form_token=uuid.uuid4())

    with tenant_scope(tenant):
        assert SendBatch.objects.get().members.filter(shipment__mode="air").count() == 3
        assert SendBatch.objects.get().members.count() == 3


def test_send_what_a_batch_skipped(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    stuck = assessed(tenant, incoterm="")
    sent(tenant, [*assessed(tenant), *stuck])

    operator.post("send", skipped_of="1", form_token=uuid.uuid4())

    with tenant_scope(tenant):
        members = SendBatch.objects.get(number=2).members.values_list("shipment_id", flat=True)
        assert list(members) == [stuck[0].pk]


@pytest.mark.parametrize(
    "data", [{"shipment": "x", "form_token": uuid.UUID(int=1)}, {"skipped_of": "x"}, {"all": "1", "form_token": "x"}]
)
def test_send_refuses_what_makes_no_sense(tenant: Tenant, operator: Visitor, data: dict[str, Any]) -> None:
    company(tenant)
    assessed(tenant)

    assert operator.post("send", **data).status_code == 400


def test_send_of_nothing_says_so(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    response = operator.post("send", form_token=uuid.uuid4())

    assert response["Location"] == "/o/acme-freight/shipments/"
    assert "Nothing was selected, so nothing was sent." in operator.text("shipments")


def test_send_of_another_companys_shipment_sends_nothing(
    tenant: Tenant, other_tenant: Tenant, operator: Visitor
) -> None:
    company(tenant)
    with tenant_scope(other_tenant):
        theirs = ready_shipment()

    operator.post("send", shipment=ids([theirs]), form_token=uuid.uuid4())

    with tenant_scope(tenant):
        assert SendBatch.objects.count() == 0


def test_selection_of_all_that_match_is_summed_up(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, 2)
    assessed(tenant, incoterm="")

    line = operator.text("shipment_selection", state="")

    assert " ".join(line.split()) == "3 selected, all that match · AUD 2,500.00 · 1 cannot go"


def test_do_not_send_marks_with_the_reason_and_keeps_who_did_it(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)

    operator.post("do_not_send", shipment=ids([shipment]), reason="Invoiced by hand")

    with tenant_scope(tenant):
        shipment.refresh_from_db()
        event = AuditEvent.objects.get(subject_id=shipment.public_id)
    assert (shipment.do_not_send_reason, shipment.accounting_state) == ("Invoiced by hand", "do not send")
    assert (event.actor, event.action) == ("operator@acme-freight.example", "marked as do not send")
    assert event.details == {"reason": "Invoiced by hand", "before": ""}


def test_do_not_send_is_taken_off_again_on_the_shipments_page(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant, do_not_send_reason="Invoiced by hand")

    response = operator.post("do_not_send", shipment=ids([shipment]), reason="", back="1")

    with tenant_scope(tenant):
        shipment.refresh_from_db()
    assert response["Location"] == f"/o/acme-freight/shipments/{shipment.public_id}/"
    assert (shipment.do_not_send_reason, shipment.accounting_state) == ("", "ready")
