"""Which buttons an invoice has after it was handed over, and what stands there where it has none."""

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SyncJob, XeroDocument
from invoices.models import Invoice, ShipmentCharge
from tests.web.page_company import Visitor, assessed, company, differing_break, sent, visitor

PROBLEM = {"code": "FB-502", "subject": "INV-00001", "words": {"number": "INV-00001", "xero": "Must be unique"}}


def invoice(tenant: Tenant, state: str, **changes: object) -> Invoice:
    company(tenant)
    sent(tenant, assessed(tenant), state=state, **changes)
    with tenant_scope(tenant):
        found: Invoice = Invoice.objects.get()
        return found


@pytest.mark.parametrize(
    ("state", "opens", "told"),
    [
        ("queued", ["give-up"], "It can be given up until Xero has approved it."),
        ("sending", ["give-up"], "Once it is there, an admin can void it or take it back."),
        ("attention", ["give-up"], "It can be given up until Xero has approved it."),
        ("in xero", ["take-back", "void"], ""),
    ],
)
def test_invoice_offers_what_its_state_allows_and_tells_the_rest(
    tenant: Tenant, admin: Visitor, state: str, opens: list[str], told: str
) -> None:
    page = admin.text("invoice", invoice(tenant, state).public_id)

    assert [name for name in ("give-up", "take-back", "void") if f'data-open-dialog="{name}"' in page] == opens
    assert told in page


@pytest.mark.parametrize(
    ("role", "state", "reason"),
    [
        ("viewer", "queued", "Your role is Viewer; to send to accounting takes Admin or Operator."),
        ("viewer", "in xero", "Your role is Viewer; to void or take back documents takes Admin."),
        ("operator", "in xero", "Your role is Operator; to void or take back documents takes Admin."),
    ],
)
def test_button_that_a_role_may_not_use_says_so_and_has_no_dialog(
    tenant: Tenant, role: str, state: str, reason: str
) -> None:
    page = visitor(tenant, role).text("invoice", invoice(tenant, state).public_id)

    assert reason in page
    assert "<dialog" not in page.partition("<main")[2].partition("</main>")[0]


def test_invoice_being_given_up_says_that_xero_is_asked_first(tenant: Tenant, admin: Visitor) -> None:
    found = invoice(tenant, "unknown")
    with tenant_scope(tenant):
        SyncJob.objects.update(cancel_requested_at=found.created_at)

    page = admin.text("invoice", found.public_id)

    assert "It is being given up already: Xero is asked first what it holds." in page
    assert 'data-open-dialog="give-up"' not in page


def test_what_was_changed_in_xero_is_told_with_the_way_to_choose(tenant: Tenant, admin: Visitor) -> None:
    found = invoice(tenant, "in xero")
    with tenant_scope(tenant):
        differing_break()

    page = admin.text("invoice", found.public_id)

    assert "Changed in Xero since it was sent." in page
    assert "total 1375.00 here, 99.00 in Xero" in page
    assert 'href="/o/acme-freight/reconciliation/"' in page.partition("Changed in Xero")[2]


def test_viewer_sees_both_sides_of_a_change_and_cannot_send_it(tenant: Tenant, viewer: Visitor) -> None:
    found = invoice(tenant, "in xero")
    with tenant_scope(tenant):
        ShipmentCharge.objects.update(unit_price=2000)
        XeroDocument.objects.update(total_in_xero=1375)

    page = viewer.text("invoice", found.public_id)

    assert [text in page for text in ("1 × 1,250.00", "1 × 2,000.00", "2,200.00")] == [True] * 3
    assert "In Xero when it was last compared" in page
    assert "Your role is Viewer; to send to accounting takes Admin or Operator." in page


def test_tax_rate_that_changes_later_makes_no_invoice_look_changed(tenant: Tenant, viewer: Visitor) -> None:
    found = invoice(tenant, "in xero")
    with tenant_scope(tenant):
        charge = ShipmentCharge.objects.select_related("charge_code__sales_tax_code").get()
        code = charge.charge_code
        code.name = "Ocean"
        code.save()
        code.sales_tax_code.rate = 15
        code.sales_tax_code.save()

    assert "Changed here since it was sent" not in viewer.text("invoice", found.public_id)


def test_draft_whose_charges_lack_something_is_not_approved(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    operator.post("shipment_draft", assessed(tenant)[0].public_id)
    with tenant_scope(tenant):
        found = Invoice.objects.get()
        ShipmentCharge.objects.update(unit_price=None)

    operator.post("invoice_approve", found.public_id)

    page = operator.text("invoice", found.public_id)
    assert "has no price." in page
    with tenant_scope(tenant):
        assert SyncJob.objects.count() == 0


def test_stopped_change_is_given_up_with_words_of_its_own(tenant: Tenant, admin: Visitor) -> None:
    found = invoice(tenant, "in xero")
    with tenant_scope(tenant):
        job = SyncJob.objects.get()
        SyncJob.objects.create(
            connection_id=job.connection_id, document_id=job.document_id, invoice=found, operation="void",
            kind=job.kind, revision=2, source={}, state="attention", step="look", next_at=job.created_at,
            xero_id=job.xero_id, wants_pdf=False, problems=[PROBLEM], problem_code="FB-502",
            created_at=job.created_at,
        )  # fmt: skip

    page = admin.text("invoice", found.public_id)

    assert "Give up this change?" in page
    assert "What Xero holds stays as it is." in page
