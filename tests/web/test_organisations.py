"""Several organisations: each document goes to one of them by rule, and stays there (F28, F67, N10). Real HTTP."""

from html import escape
from typing import Any

import pytest
from django.db import InternalError, transaction

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import BatchMember, ContactLink, RoutingRule, SyncJob, XeroConnection, XeroDocument
from invoices.models import BillingEntity, Invoice, Shipment
from tests.freight_factories import CustomerFactory, TaxCodeFactory
from tests.sending import company
from tests.web.kinds_company import plain, send, shipment
from tests.web.page_company import Visitor, visitor
from tests.xero_company import connect, run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
ENTITY = {"code": "NZ", "name": "Acme Freight NZ Ltd", "base_currency": "NZD", "payment_terms_days": "14"}
AUSTRALIAN, NEW_ZEALANDER = "Harbour & Hinterland Freight (AU)", "Southern Cross Forwarding (NZ)"


@pytest.fixture
def admin(tenant: Tenant, xero: SandboxProcess) -> Visitor:
    """Two organisations; the one in New Zealand has an entity with numbers, terms and mapping of its own."""
    company(tenant, xero)
    connect(tenant, xero, "NZ")
    person = visitor(tenant, "admin")
    with tenant_scope(tenant):
        TaxCodeFactory(code="GST15", rate=15)
    person.post("routing_entity", number_prefix="NZ-", **ENTITY)
    person.post("routing_biller", organisation(tenant, "NZ").public_id, entity="NZ")
    choose(person, "NZ")
    person.post("map_tax", code="GST15", side="sales", tax_type="OUTPUT2")
    choose(person, "AU")
    return person


def organisation(tenant: Tenant, country: str) -> XeroConnection:
    with tenant_scope(tenant):
        return XeroConnection.objects.get(country=country)


def choose(person: Visitor, country: str) -> None:
    person.post("choose_organisation", organisation=organisation(person.tenant, country).public_id)


def rule(admin: Visitor, country: str, **conditions: str) -> None:
    admin.post("routing_add", organisation=organisation(admin.tenant, country).public_id, **conditions)


def kiwi(tenant: Tenant, **fields: Any) -> Shipment:
    with tenant_scope(tenant):
        tax = TaxCodeFactory(code="GST15", rate=15)
    made = shipment(tenant, currency="NZD", exchange_rate=None, **fields)
    with tenant_scope(tenant):
        made.charges.update(tax_code=tax)
    return made


def in_books(xero: SandboxProcess, country: str) -> list[tuple[str, str]]:
    found = xero.admin("documents", organisation=country)["documents"]
    return sorted((one["number"], one["total"]) for one in found if one["created_by"] == "sandbox-client")


def sent_by_rule(admin: Visitor) -> tuple[Shipment, Shipment]:
    rule(admin, "NZ", currency="NZD")
    here, there = shipment(admin.tenant), kiwi(admin.tenant)
    send(visitor(admin.tenant, "operator"), here, there)
    return here, there


def test_rule_sends_each_shipment_to_its_organisation_under_its_own_numbers(
    xero: SandboxProcess, admin: Visitor
) -> None:
    _, there = sent_by_rule(admin)

    assert in_books(xero, "AU") == [("INV-00001", "1375.00")]
    assert in_books(xero, "NZ") == [("NZ-INV-00001", "1437.50")]
    with tenant_scope(admin.tenant):
        invoice = Invoice.objects.get(number="NZ-INV-00001")
        assert (invoice.due_date - invoice.issue_date).days == 14
    page = plain(admin.text("shipment", there.public_id))
    assert f"to {NEW_ZEALANDER} because currency = NZD" in page
    assert f"NZ-INV-00001 is pinned to {NEW_ZEALANDER}" in page


def test_link_into_xero_leads_to_the_organisation_of_the_document(admin: Visitor) -> None:
    here, there = sent_by_rule(admin)
    code = organisation(admin.tenant, "NZ").short_code

    assert code in admin.text("shipment", there.public_id)
    assert code not in admin.text("shipment", here.public_id)


def test_document_stays_where_it_was_queued_whatever_the_rules_become(xero: SandboxProcess, admin: Visitor) -> None:
    sent_by_rule(admin)
    with tenant_scope(admin.tenant):
        standing = RoutingRule.objects.get()
        SyncJob.objects.filter(document__number="NZ-INV-00001").update(state="done")

    admin.post("routing_delete", standing.public_id)

    assert "2 documents that are queued or sent stay pinned" in admin.text("routing")
    with tenant_scope(admin.tenant):
        pinned = XeroDocument.objects.get(number="NZ-INV-00001")
        other = XeroConnection.objects.exclude(pk=pinned.connection_id).get()
        assert pinned.connection.country == "NZ"
        with pytest.raises(InternalError, match="stays with the organisation"), transaction.atomic():
            XeroDocument.objects.filter(pk=pinned.pk).update(connection=other)
    choose(admin, "NZ")
    assert "NZ-INV-00001" not in [number for number, _ in in_books(xero, "AU")]


def test_first_rule_decides_and_rules_change_places(admin: Visitor) -> None:
    rule(admin, "AU", branch="Sydney")
    rule(admin, "NZ", mode="air")
    made = shipment(admin.tenant, branch="Sydney", mode="air")

    before = plain(admin.text("shipment", made.public_id))
    with tenant_scope(admin.tenant):
        second = RoutingRule.objects.latest("position")
    admin.post("routing_up", second.public_id)
    after = plain(admin.text("shipment", made.public_id))

    assert f"Goes to {escape(AUSTRALIAN)} because branch = Sydney" in before
    assert f"Goes to {NEW_ZEALANDER} because mode = air" in after
    with tenant_scope(admin.tenant):
        assert AuditEvent.objects.filter(action="routing rule moved up").exists()


@pytest.mark.parametrize(
    ("conditions", "words"), [({}, "needs at least one condition"), ({"mode": "air"}, "a rule with these conditions")]
)
def test_rule_that_makes_no_sense_is_refused_in_words(admin: Visitor, conditions: dict[str, str], words: str) -> None:
    rule(admin, "NZ", mode="air")

    rule(admin, "AU", **conditions)

    assert words in admin.text("routing")
    with tenant_scope(admin.tenant):
        assert RoutingRule.objects.count() == 1


def test_rule_to_a_disconnected_organisation_waits_rather_than_goes_elsewhere(
    xero: SandboxProcess, admin: Visitor
) -> None:
    rule(admin, "NZ", currency="NZD")
    there = kiwi(admin.tenant)
    with tenant_scope(admin.tenant):
        XeroConnection.objects.filter(country="NZ").update(status="disconnected")
        third = XeroConnection.objects.get(country="AU")
        XeroConnection.objects.create(
            organisation_id="00000000-0000-0000-0000-000000000007", name="Third", status="connected", is_default=False
        )
    assert third.is_default

    send(visitor(admin.tenant, "operator"), there)

    with tenant_scope(admin.tenant):
        reason = BatchMember.objects.get().reason
    assert reason == f"It goes to {NEW_ZEALANDER} by a rule, and that is not connected any more."
    assert in_books(xero, "AU") == []


def test_pages_are_about_the_chosen_organisation_and_forms_about_the_one_they_showed(admin: Visitor) -> None:
    with tenant_scope(admin.tenant):
        CustomerFactory(code="MINE", name="Mine")
    page = admin.text("mapping_customers")
    choose(admin, "NZ")
    other = admin.text("mapping_customers")
    shown = organisation(admin.tenant, "AU")

    admin.post("map_customer", code="MINE", contact="Murray River Produce", for_organisation=shown.public_id)

    assert (f"Contacts of {escape(AUSTRALIAN)}" in page, f"Contacts of {NEW_ZEALANDER}" in other) == (
        True,
        True,
    )
    assert f'name="for_organisation" value="{shown.public_id}"' in page
    with tenant_scope(admin.tenant):
        assert ContactLink.objects.get(customer_code="MINE").connection == shown


def test_form_about_an_organisation_that_is_gone_changes_no_other(admin: Visitor) -> None:
    gone = organisation(admin.tenant, "NZ")
    with tenant_scope(admin.tenant):
        XeroConnection.objects.filter(pk=gone.pk).update(status="disconnected")

    assert admin.post("check_payments", for_organisation=gone.public_id).status_code == 404


def test_default_is_changed_before_it_is_disconnected(admin: Visitor) -> None:
    admin.post("xero_disconnect", typed=AUSTRALIAN)
    refused = admin.text("routing")
    admin.post("routing_default", organisation(admin.tenant, "NZ").public_id)
    admin.post("xero_disconnect", typed=AUSTRALIAN, for_organisation=organisation(admin.tenant, "AU").public_id)

    assert "is the default. Make another organisation the default first." in refused
    with tenant_scope(admin.tenant):
        assert list(XeroConnection.objects.order_by("id").values_list("status", "is_default")) == [
            ("disconnected", False),
            ("connected", True),
        ]


def test_one_organisation_alone_shows_no_choice(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    person = visitor(tenant, "admin")
    made = shipment(tenant)

    for page in (person.text("mapping_customers"), person.text("shipment", made.public_id), person.text("routing")):
        assert "organisation-menu" not in page
        assert "for_organisation" not in page
        assert "because" not in page
    assert "Routing rules" not in person.text("routing")


def demo_company(tenant: Tenant, xero: SandboxProcess) -> Visitor:
    company(tenant, xero)
    xero.act("set_demo_company", on=True)
    person = visitor(tenant, "operator")
    person.post("refresh_from_xero")
    run_queue(Queue.POLL)
    return person


def test_demo_company_takes_documents_only_when_somebody_has_confirmed_it(tenant: Tenant, xero: SandboxProcess) -> None:
    person = demo_company(tenant, xero)
    made = shipment(tenant)
    dialog = person.post("send_dialog", shipment=str(made.public_id)).content.decode()

    send(person, made)
    refused, before = person.text("shipments"), in_books(xero, "AU")
    send(person, made, allows_demo="yes")

    assert "is a demo company" in plain(dialog)
    assert 'name="allows_demo"' in dialog
    assert "Nothing was sent" in refused
    assert before == []
    assert in_books(xero, "AU") == [("INV-00001", "1375.00")]


def test_draft_for_a_demo_company_is_approved_only_when_confirmed(tenant: Tenant, xero: SandboxProcess) -> None:
    person = demo_company(tenant, xero)
    person.post("shipment_draft", shipment(tenant).public_id)
    with tenant_scope(tenant):
        draft = Invoice.objects.get()
    page = person.text("invoice", draft.public_id)

    person.post("invoice_approve", draft.public_id)
    refused = person.text("invoice", draft.public_id)
    person.post("invoice_approve", draft.public_id, allows_demo="yes")

    assert "DEMO" in page
    assert 'name="allows_demo"' in page
    assert "Confirm that the document is to go there." in refused
    with tenant_scope(tenant):
        assert Invoice.objects.get().status == "approved"


def test_prefix_that_xero_would_refuse_in_every_number_is_refused_at_once(tenant: Tenant) -> None:
    page = visitor(tenant, "admin").post("routing_entity", number_prefix="Č-", **ENTITY).content.decode()

    assert "Xero takes plain letters and digits in a number only." in page
    with tenant_scope(tenant):
        assert not BillingEntity.objects.exists()
