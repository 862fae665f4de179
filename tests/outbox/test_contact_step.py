"""A customer becomes a contact in Xero: by the stored link, by account number, or created. Real HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from freightbridge.background_work.run_due_work import run_one
from freightbridge.background_work.work_kinds import Queue, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import (
    AccountingLogEntry,
    AttemptMember,
    ContactLink,
    OrganisationLane,
    SyncAttempt,
    SyncJob,
    XeroConnection,
)
from integrations.reference_data.refresh_from_xero import refresh_reference_data
from tests.freight_factories import CustomerFactory
from tests.sending import (
    Calls,
    click,
    company,
    documents,
    go_on,
    jobs,
    log_of,
    ours_in_xero,
    send_all,
    shipments,
)
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def customer(tenant: Tenant, code: str, **fields: Any) -> Any:
    with tenant_scope(tenant):
        return CustomerFactory(code=code, **fields)


def links(tenant: Tenant) -> list[tuple[str, str, str]]:
    with tenant_scope(tenant):
        found = ContactLink.objects.order_by("customer_code")
        return list(found.values_list("customer_code", "contact_name", "matched_by"))


def contacts_are_old(tenant: Tenant) -> None:
    """As if an hour had passed since they were read."""
    with tenant_scope(tenant):
        XeroConnection.objects.update(contacts_read_at=read_clock() - timedelta(hours=1))


def test_account_number_finds_the_contact_without_a_call(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", bill_to=customer(tenant, "MURRAY01"))
    calls = Calls(xero)

    send_all(tenant)

    assert calls.made(path="Contacts") == []
    assert links(tenant) == [("MURRAY01", "Murray River Produce", "account number")]
    assert ours_in_xero(xero, "contact_name") == ["Murray River Produce"]


def test_stored_link_wins_over_the_account_number(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    murray = customer(tenant, "MURRAY01")
    shipments(tenant, "10.00", bill_to=murray)
    send_all(tenant)
    xero.act("rename_contact", contact="Murray River Produce", name="Murray Renamed", account_number="OTHER")
    contacts_are_old(tenant)
    shipments(tenant, "20.00", bill_to=murray)
    send_all(tenant)

    assert ours_in_xero(xero, "contact_name", "total") == [("Murray Renamed", "11.00"), ("Murray Renamed", "22.00")]


def test_unknown_customers_are_created_in_one_call(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    for number in range(7):
        shipments(tenant, "10.00", "20.00", bill_to=customer(tenant, f"NEW{number}", name=f"New {number}"))
    calls = Calls(xero)

    send_all(tenant)

    (created,) = calls.entries("PUT", "Contacts")
    sent = [(one["Name"], one["AccountNumber"], one["ContactNumber"]) for one in created["request_body"]["Contacts"]]
    assert sorted(sent) == [(f"New {number}", f"NEW{number}", f"NEW{number}") for number in range(7)]
    assert links(tenant) == [(f"NEW{number}", f"New {number}", "created") for number in range(7)]
    assert jobs(tenant, "state") == ["done"] * 14


def test_contact_added_in_xero_meanwhile_is_found_and_not_made_again(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    xero.act("rename_contact", contact="Blue Mountains Coffee Roasters", account_number="COFFEE")
    contacts_are_old(tenant)
    shipments(tenant, "10.00", bill_to=customer(tenant, "COFFEE"))
    calls = Calls(xero)

    send_all(tenant)

    assert calls.made(path="Contacts") == ["GET Contacts"]
    assert ours_in_xero(xero, "contact_name") == ["Blue Mountains Coffee Roasters"]


def test_unknown_customer_is_held_where_the_rules_say_so(tenant: Tenant, xero: SandboxProcess) -> None:
    """Known when the document was approved; then somebody took the account number off the contact."""
    company(tenant, xero, unknown_customer="hold")
    shipments(tenant, "10.00", bill_to=customer(tenant, "MURRAY01"))
    click(tenant)
    assert run_one(Queue.INTERACTIVE)
    xero.act("rename_contact", contact="Murray River Produce", account_number="MOVED")
    contacts_are_old(tenant)
    with tenant_scope(tenant):
        connection_id = XeroConnection.objects.get().pk
        # Reading waits while there is something to send.
        SyncJob.objects.update(next_at=read_clock() + timedelta(hours=1))
    refresh_reference_data(Work(tenant_id=tenant.pk, subject_id=connection_id))

    go_on(tenant)

    with tenant_scope(tenant):
        entry = AccountingLogEntry.objects.get(result="failed")
    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-201")]
    assert entry.details["alias"] == "Customer.Name(MURRAY01) : not found in XERO(Customer.Name)."


def test_ambiguous_account_number_is_not_guessed_at(tenant: Tenant, xero: SandboxProcess) -> None:
    xero.act("rename_contact", contact="Murray River Produce Co", account_number="MURRAY01")
    company(tenant, xero)
    shipments(tenant, "10.00", bill_to=customer(tenant, "MURRAY01"))
    shipments(tenant, "20.00", bill_to=customer(tenant, "CORAL02"))

    send_all(tenant)

    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-203"), ("done", "")]
    assert ours_in_xero(xero, "contact_name") == ["Coral Coast Imports"]


def test_archived_contact_that_a_link_names_stops_the_document_with_xeros_words(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    company(tenant, xero)
    coral = customer(tenant, "CORAL02")
    shipments(tenant, "10.00", bill_to=coral)
    send_all(tenant)
    xero.act("archive_contact", contact="Coral Coast Imports")
    shipments(tenant, "20.00", bill_to=coral)

    send_all(tenant)

    with tenant_scope(tenant):
        entry = AccountingLogEntry.objects.get(result="failed")
    assert jobs(tenant, "state", "problem_code") == [("done", ""), ("rejected", "FB-202")]
    assert entry.text.startswith("The contact Customer CORAL02 of customer CORAL02 is archived in Xero.")
    assert entry.details["xero"].startswith("The contact with the specified contact details has been archived.")


def test_name_that_is_taken_in_xero_stops_only_that_customer(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", bill_to=customer(tenant, "MRP", name="Murray River Produce"))
    shipments(tenant, "20.00", bill_to=customer(tenant, "NEW", name="New"))

    send_all(tenant)

    assert jobs(tenant, "state", "problem_code") == [("rejected", "FB-205"), ("done", "")]
    assert documents(tenant, "state", "problem_code") == [("attention", "FB-205"), ("in xero", "")]


def test_lost_answer_does_not_make_a_second_contact(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", bill_to=customer(tenant, "NEW", name="New"))
    xero.fault("lost_answer", method="PUT", path="/Contacts", times=1)
    calls = Calls(xero)

    send_all(tenant)
    before = jobs(tenant, "state", "step")
    go_on(tenant)

    assert before == [("sending", "contact")]
    assert calls.made(path="Contacts") == ["PUT Contacts", "GET Contacts"]
    assert links(tenant) == [("NEW", "New", "account number")]
    assert jobs(tenant, "state") == ["done"]


def test_worker_that_died_while_xero_answered_does_not_make_a_second_contact(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", bill_to=customer(tenant, "NEW", name="New"))
    xero.fault("lost_answer", method="PUT", path="/Contacts", times=1)
    send_all(tenant)
    with tenant_scope(tenant):
        AttemptMember.objects.update(verdict="")
        SyncAttempt.objects.update(finished_at=None, error="")
    calls = Calls(xero)

    go_on(tenant)

    assert calls.made(path="Contacts") == ["GET Contacts"]
    assert jobs(tenant, "state") == ["done"]


def test_contact_that_was_saved_late_is_found_after_xero_refused_the_second(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    """With another customer's beside it, so that the key is another too and protects from nothing."""
    company(tenant, xero)
    shipments(tenant, "10.00", bill_to=customer(tenant, "NEW", name="New"))
    lost = {"fault": "lost_answer", "method": "PUT", "path": "/Contacts", "times": 1}
    late = {"fault": "read_lag", "method": "GET", "path": "/Contacts", "seconds": 3600, "times": 1}
    xero.admin("faults", {"rules": [lost, late]})
    calls = Calls(xero)

    send_all(tenant)
    shipments(tenant, "20.00", bill_to=customer(tenant, "NEWER", name="Newer"))
    click(tenant)
    assert run_one(Queue.INTERACTIVE)
    go_on(tenant)
    go_on(tenant)

    assert calls.made(path="Contacts") == ["PUT Contacts", "GET Contacts", "PUT Contacts", "GET Contacts"]
    assert jobs(tenant, "state") == ["done", "done"]
    assert links(tenant) == [("NEW", "New", "account number"), ("NEWER", "Newer", "created")]


def test_account_number_that_xero_refuses_is_told_in_its_words(tenant: Tenant, xero: SandboxProcess) -> None:
    """The contact is archived, so it is not found among the active ones, and its number cannot be given again."""
    company(tenant, xero)
    shipments(tenant, "10.00", bill_to=customer(tenant, "KIMB06", name="Kimberley Pearls"))

    send_all(tenant)

    assert jobs(tenant, "state", "problem_code") == [("rejected", "FB-501")]
    assert ("rejected", "Xero refused the document; its own words are below.") in log_of(tenant)


def test_contacts_are_read_for_sending_although_polling_must_wait(tenant: Tenant, xero: SandboxProcess) -> None:
    """The last tenth of a day's calls is for what people send, and finding its contacts is part of that."""
    company(tenant, xero)
    contacts_are_old(tenant)
    xero.admin("limits", {"limits": "real", "day": 80})
    with tenant_scope(tenant):
        OrganisationLane.objects.update(day_left=50, day_limit=1000)
    shipments(tenant, "10.00", bill_to=customer(tenant, "NEW", name="New"))

    send_all(tenant)

    assert jobs(tenant, "state") == ["done"]
