"""Addresses and forms as nobody means them: said, answered with nothing or with 404, and never a fault of ours."""

from typing import Any
from uuid import UUID

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, SyncAttempt, SyncJob
from invoices.models import BillingEntity, Customer
from tests.freight_factories import CustomerFactory, ShipmentFactory
from tests.web.page_company import Visitor, assessed, company, sent

NUL, HUGE, LONG = "a\x00b", "9" * 400, "x" * 5000
ODD = [
    NUL,
    "\x00",
    HUGE,
    f"-{HUGE}",
    LONG,
    "%",
    "\\",
    "'\"<>",
    "…",
    "\ud800".encode("utf-8", "replace").decode(),
    "1e9999",
]
DAYS = ["0001-01-01", "9999-12-31", "99999-01-01", "2026-02-30", "soon", NUL]
LOG_FIELDS = ("q", "checks", "result", "code", "status", "direction", "actor", "after", "before")
ANSWERS = {200, 302, 400, 404}

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(tenant: Tenant) -> Tenant:
    company(tenant)
    sent(tenant, assessed(tenant))
    return tenant


def status(person: Visitor, page: str, *arguments: Any, **query: Any) -> int:
    return int(person.get(page, *arguments, **query).status_code)


@pytest.mark.parametrize("page", ["accounting_logs", "accounting_logs_download"])
@pytest.mark.parametrize("name", LOG_FIELDS)
def test_log_takes_whatever_stands_in_a_filter(filled: Tenant, operator: Visitor, page: str, name: str) -> None:
    assert {status(operator, page, **{name: odd}) for odd in ODD} <= ANSWERS


@pytest.mark.parametrize("page", ["accounting_logs", "accounting_logs_download", "shipments", "invoices"])
def test_lists_take_whatever_stands_for_a_day(filled: Tenant, operator: Visitor, page: str) -> None:
    names = ("from_date", "to_date", "exported_from", "exported_to", "due_from", "due_to", "sent_from", "sent_to")
    for day in DAYS:
        assert status(operator, page, **dict.fromkeys(names, day)) in ANSWERS, day
        assert status(operator, page, q="xero", **dict.fromkeys(names, day)) in ANSWERS, day


@pytest.mark.parametrize("odd", [*ODD, "abc", str(UUID(int=4))])
def test_entry_call_and_shipments_that_do_not_exist(filled: Tenant, operator: Visitor, odd: str) -> None:
    with tenant_scope(filled):
        attempt = SyncAttempt.objects.get().public_id

    assert status(operator, "accounting_logs", entry=odd, checks="…") in {400, 404}
    assert status(operator, "accounting_logs", entry=odd, checks="…", q="\x00") == 400
    assert status(operator, "accounting_logs", shipment=odd) in {200, 400}
    assert status(operator, "attempt", attempt, job=odd) in {200, 400}
    assert status(operator, "attempt", UUID(int=4)) == status(operator, "raw_attempt", UUID(int=4)) == 404


@pytest.mark.parametrize("odd", [*ODD, "-1", "1.5", "999999999999"])
def test_customers_take_whatever_stands_for_terms(filled: Tenant, operator: Visitor, odd: str) -> None:
    assert status(operator, "customers", terms=odd) in ANSWERS
    assert status(operator, "mapping_terms", days=odd, after=odd) in ANSWERS
    assert status(operator, "mapping_currencies", code=odd, q=odd) in ANSWERS


@pytest.mark.parametrize("odd", [*ODD, "abc", str(UUID(int=4))])
def test_preview_of_what_is_not_there_is_no_fault(filled: Tenant, operator: Visitor, odd: str) -> None:
    filters = f"q={odd}&state={odd}&from_date={odd}"
    for wish in ({"shipment": odd}, {"all": "1", "filters": filters}):
        for page in ("shipments_preview", "send_dialog", "status_dialog", "shipments_download"):
            assert operator.post(page, **wish).status_code in ANSWERS, (page, wish)


def test_what_belongs_to_others_or_is_gone_is_not_found(
    filled: Tenant, other_tenant: Tenant, operator: Visitor, admin: Visitor
) -> None:
    company(other_tenant)
    (foreign_shipment,) = assessed(other_tenant)
    sent(other_tenant, assessed(other_tenant))
    with tenant_scope(other_tenant):
        foreign_entity, job = BillingEntity.objects.get().public_id, SyncJob.objects.get().public_id
        foreign_entry, attempt = AccountingLogEntry.objects.latest("id").public_id, SyncAttempt.objects.get().public_id
    with tenant_scope(filled):
        gone = ShipmentFactory()
        gone.delete()
        own_attempt = SyncAttempt.objects.get().public_id

    for shipment in (foreign_shipment.public_id, gone.public_id):
        assert status(operator, "shipment_preview", shipment) == 404
        assert operator.get("shipment_preview", shipment, part="preview-drawer-content").status_code == 404
        assert (
            "SHP" not in operator.post("shipments_preview", shipment=str(shipment)).content.decode().split("<main")[1]
        )
    assert status(admin, "letterhead", foreign_entity) == 404
    assert admin.post("letterhead_save", foreign_entity, name="x", payment_terms_days="7").status_code == 404
    assert status(operator, "accounting_logs", entry=str(foreign_entry)) == 404
    assert status(operator, "attempt", attempt) == 404
    assert status(operator, "attempt", own_attempt, job=str(job)) == 200


@pytest.mark.parametrize("days", [HUGE, "32768", "2147483648", "-1", "1.5", NUL, "…"])
def test_terms_that_no_company_has_are_refused_and_change_nothing(filled: Tenant, admin: Visitor, days: str) -> None:
    with tenant_scope(filled):
        entity, customer = BillingEntity.objects.get(), CustomerFactory(code="C-1", name="Coastal")

    saved = admin.post("letterhead_save", entity.public_id, name=entity.name, payment_terms_days=days)
    answer = admin.post("customer_edit", customer.public_id, code="C-1", name="Coastal", payment_terms_days=days)

    # What no text can hold never reaches a form.
    assert saved.status_code == answer.status_code == (400 if days == NUL else 200)
    with tenant_scope(filled):
        assert BillingEntity.objects.get().payment_terms_days == entity.payment_terms_days
        assert Customer.objects.get(pk=customer.pk).payment_terms_days is None
