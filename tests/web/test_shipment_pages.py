import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, SyncJob
from invoices.models import Invoice, ShipmentCharge
from tests.freight_factories import ChargeFactory
from tests.web.kinds_company import plain
from tests.web.page_company import Visitor, assessed, company, sent

TABS = ("shipment", "shipment_integration", "shipment_payments", "shipment_documents", "shipment_history")
NOT_FOUND = {"code": "FB-201", "subject": "C-9", "words": {"customer": "C-9", "xero": "Contact not found"}}


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_of_a_shipment_has_its_address(tenant: Tenant, operator: Visitor, tab: str) -> None:
    company(tenant)
    (shipment,) = assessed(tenant, number="SHP-77")
    sent(tenant, [shipment])

    page = operator.text(tab, shipment.public_id)

    assert '<h1 class="page-title">SHP-77' in page
    assert page.count('nav-link active"') == 1
    assert "In Xero" in page


def test_summary_shows_where_each_charge_goes_and_the_totals(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)

    page = operator.text("shipment", shipment.public_id)

    assert "200 account 200" in page
    assert "from charge code FRT" in page
    assert "tax rate OUTPUT" in page
    assert "1,375.00" in page


def test_summary_says_what_is_wrong_with_a_charge(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
    (shipment,) = assessed(tenant)

    page = operator.text("shipment", shipment.public_id)

    assert page.count("Charge code FRT has no ledger account for sales.") == 2
    assert "/o/acme-freight/mappings/charges/?q=FRT" in page


def test_summary_keeps_the_account_a_charge_was_sent_with(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment])
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()

    page = operator.text("shipment", shipment.public_id)

    assert "as it was sent" in page


def test_stopped_shipment_shows_the_other_systems_words_ours_and_xeros(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment], state="attention", problems=[NOT_FOUND], problem_code="FB-201")

    page = operator.text("shipment", shipment.public_id)

    assert "Customer.Name(C-9) : not found in XERO(Customer.Name)." in page
    assert "Customer not found in Xero" in page
    assert "Yours to mend" in page
    assert "Contact not found</blockquote>" in page
    assert "/o/acme-freight/mappings/customers/?q=C-9" in page
    assert "Document INV-00001, support code FB-0123456789AB" in page


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"incoterm": ""}, "Something is missing; it is listed on this page."),
        ({"do_not_send_reason": "By hand"}, "It is marked as do not send: By hand"),
    ],
)
def test_send_button_is_disabled_with_its_reason(
    tenant: Tenant, operator: Visitor, changes: dict[str, str], reason: str
) -> None:
    company(tenant)
    (shipment,) = assessed(tenant, **changes)

    page = operator.text("shipment", shipment.public_id)

    assert ('hx-target="#send-dialog-content"' in page) is (reason == "")
    assert reason in page


def test_viewer_is_told_which_role_may_send(tenant: Tenant, viewer: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)

    page = viewer.text("shipment", shipment.public_id)

    assert "Your role is Viewer; to send to accounting takes Admin or Operator." in page
    assert 'hx-target="#send-dialog-content"' not in page


def test_send_again_maps_anew_and_goes_on(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment], state="attention", problems=[NOT_FOUND], problem_code="FB-201")

    response = operator.post("shipment_send_again", shipment.public_id)

    with tenant_scope(tenant):
        shipment.refresh_from_db()
        assert list(SyncJob.objects.values_list("state", "problem_code")) == [("queued", "")]
    assert response["Location"] == f"/o/acme-freight/shipments/{shipment.public_id}/"
    assert shipment.accounting_state == "queued"


def test_integration_tab_tells_what_happened_newest_first(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment])

    page = operator.text("shipment_integration", shipment.public_id)

    assert page.index("Xero has it.") < page.index("Queued for Harbour &amp; Hinterland.")
    assert "PUT /Invoices · 200 · 1.00 s" in page
    assert "FB-0123456789AB" in page


def test_payments_tab_shows_what_is_due_before_the_first_check(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment])

    page = operator.text("shipment_payments", shipment.public_id)

    assert page.count("1,375.00") == 2
    assert "Unpaid" in page


def test_payments_tab_shows_each_payment(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    paid = {"money_state": "part-paid", "amount_due": "1175.00", "amount_paid": "200.00"}
    sent(
        tenant,
        [shipment],
        document={**paid, "payments": [{"date": "2026-03-04", "amount": "200.00", "kind": "payment", "number": ""}]},
    )

    page = operator.text("shipment_payments", shipment.public_id)

    assert [text in page for text in ("Part-paid", "1,175.00", "4 Mar 2026", "200.00")] == [True] * 4


@pytest.mark.parametrize(
    ("changes", "places"), [({"unit_price": "2000.00"}, "1 place"), ({"unit_price": "9.00"}, "2 places")]
)
def test_shipment_says_in_how_many_places_it_differs_from_xero(
    tenant: Tenant, operator: Visitor, changes: dict[str, str], places: str
) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        ChargeFactory(shipment=shipment, unit_price="9.00", description="Seals")
    sent(tenant, [shipment])
    with tenant_scope(tenant):
        changed = ShipmentCharge.objects.all() if places == "2 places" else ShipmentCharge.objects.filter(unit_price=9)
        changed.update(unit_price=changes["unit_price"], quantity=7)

    page = operator.text("shipment", shipment.public_id)

    assert f"INV-00001 differs from Xero in {places}: what it says was changed here since it was sent." in page


def test_history_tab_tells_who_sent_it(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment])

    page = operator.text("shipment_history", shipment.public_id)

    assert "Send to accounting" in page
    assert "operator@acme-freight.example" in page


def test_watching_page_is_loaded_anew_once_nothing_moves_any_more(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    moving, settled = assessed(tenant), assessed(tenant)
    sent(tenant, moving, state="sending")
    sent(tenant, settled)

    still = operator.get("shipment", moving[0].public_id, part="live")
    over = operator.get("shipment", settled[0].public_id, part="live")

    assert ("HX-Refresh" in still, over.get("HX-Refresh")) == (False, "true")
    assert still.content.decode().strip().startswith('<div id="live"')


def test_draft_invoice_bills_the_charges_without_sending(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)

    response = operator.post("shipment_draft", shipment.public_id)

    with tenant_scope(tenant):
        (invoice,) = Invoice.objects.all()
        assert SyncJob.objects.count() == 0
    assert (invoice.status, response["Location"]) == ("draft", f"/o/acme-freight/invoices/{invoice.public_id}/")


def test_draft_invoice_of_an_incomplete_shipment_says_what_is_missing(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant, incoterm="")

    operator.post("shipment_draft", shipment.public_id)

    assert "No Incoterm: a booking needs one." in operator.text("shipment", shipment.public_id)


def test_summary_shows_sales_and_costs_each_with_totals_of_their_own(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        ChargeFactory(shipment=shipment, description="Trucking", side="cost", unit_price="80.00")

    sales, _, costs = plain(operator.text("shipment", shipment.public_id)).partition("Costs")

    assert ("Ocean freight" in sales, "Total AUD 1,375.00" in sales, "Trucking" in sales) == (True, True, False)
    assert ("Trucking" in costs, "Total AUD 88.00" in costs, "Ocean freight" in costs) == (True, True, False)


def test_charge_without_a_code_is_shown_without_one(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        ChargeFactory(shipment=shipment, description="", charge_code=None)

    assert "No code" in operator.text("shipment", shipment.public_id)
