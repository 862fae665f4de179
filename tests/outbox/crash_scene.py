"""Where a crash is acted out: a company with documents to send, real PostgreSQL, and Xero over real HTTP."""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import F

from freightbridge.background_work.tasks import wake
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connect_organisation import connect_organisation, keep_grant
from integrations.connection.xero_hosts import identity_api
from integrations.lanes.claim_lane import wake_lane
from integrations.mapping.source import DocumentKind, Party
from integrations.models import (
    AppBudget,
    ChargeRule,
    ConnectionSettings,
    ContactLink,
    OrganisationLane,
    ReferenceRecord,
    SyncAttempt,
    SyncJob,
    TaxRule,
    XeroConnection,
)
from integrations.models.contact_link import MatchedBy
from integrations.models.mapping_rule import RuleSide
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.enqueue_job import Export, enqueue_creates
from integrations.outbox.job_events import CancelRequested
from integrations.outbox.mark_restored import mark_restored
from integrations.xero_gateway import identity_api as identity
from integrations.xero_gateway import sdk
from tests.outbox.test_change_steps import document, invoice, sender
from tests.outbox.test_mark_restored import restore_backup
from tests.reconciliation.test_reconcile import compare, grow_old
from tests.sending import API, Calls, jobs, quiet_over
from tests.xero_company import PERSON, run_queue
from tests.xero_sandbox.company_client import Company
from tests.xero_sandbox.sandbox_process import SandboxProcess

HOUR = timedelta(hours=1)
LANE_MOMENTS = ("lease_until", "next_at", "click_at", "paused_until")
CUSTOMER = "MURRAY01"
# Of either side the account, its class, and the tax type: as in Xero, and not read from there for each of the cases.
BOOKS = {
    RuleSide.SALES: ("200", "REVENUE", "OUTPUT"),
    RuleSide.PURCHASES: ("301", "EXPENSE", "INPUT"),
}
WORDS = {("GET", 1): "look", ("GET", 2): "read", ("PUT", 1): "create"}


@dataclass(kw_only=True)
class Scene:
    """
    One case. `count` documents, of one call where a call takes several. `is_heard`: whether the nudge after the
    commit reaches a worker. `organisation`: its name or id in the sandbox. `held_back`: requests that have left us
    and that the network still keeps.
    """

    tenant: Tenant
    xero: SandboxProcess
    kind: DocumentKind
    count: int
    has_pdf: bool = False
    are_newcomers: bool = False
    is_heard: bool = True
    organisation: str = "AU"
    held_back: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)

    @property
    def numbers(self) -> list[str]:
        return [f"A-{number}" for number in range(1, self.count + 1)]

    def set_up(self) -> None:
        """A company that knows its books in Xero."""
        granted = self.xero.admin("grants", {"organisations": [self.organisation], "scopes": list(identity.SCOPES)})
        tokens = identity.token_set_of(granted)
        (organisation,) = identity_api().connections(tokens.access_token)
        contact_id = Company(self.xero.http, str(organisation.organisation_id), granted).contact_id(CUSTOMER)
        with tenant_scope(self.tenant):
            now = read_clock()
            connection = connect_organisation(organisation, grant=keep_grant(tokens, now=now), by=PERSON, now=now)
            connection.base_currency, connection.country, connection.contacts_read_at = "AUD", "AU", now
            connection.save()
            self._make_rules(connection)
            ContactLink.objects.create(
                connection=connection, customer_code=CUSTOMER, contact_id=contact_id, matched_at=now,
                matched_by=MatchedBy.HAND,
            )  # fmt: skip
            # Whoever connects wakes the lane; by now a worker has been, and has found nothing.
            OrganisationLane.objects.update(next_at=None)

    def _make_rules(self, connection: XeroConnection) -> None:
        ConnectionSettings.objects.filter(connection=connection).update(
            unknown_customer="create", attach_pdf=self.has_pdf
        )
        _list(connection, "currency", "AUD")
        for side, (account, ledger_class, tax_type) in BOOKS.items():
            _list(connection, "account", account, type=ledger_class, system="", **{"class": ledger_class})
            _list(connection, "tax rate", tax_type, rate="10", applies_to=[ledger_class])
            ChargeRule.objects.create(connection=connection, side=side, charge_code="FRT", account_code=account)
            TaxRule.objects.create(connection=connection, side=side, tax_code="GST", tax_type=tax_type)

    def hand_over(self) -> None:
        """As whoever approves them does it, in one transaction."""
        with tenant_scope(self.tenant):
            enqueue_creates([self._export(number) for number in self.numbers], sender=sender(), now=read_clock())

    def go_on(self) -> None:
        """Time passes, a dead worker's lease with it, and a fresh worker comes."""
        self.let_time_pass()
        deliver()

    def let_time_pass(self) -> None:
        """Enough for whatever is waited for, but for the quiet time. What nobody has to come back to stays so."""
        with tenant_scope(self.tenant):
            SyncJob.objects.filter(finished_at=None).update(next_at=F("next_at") - HOUR)
            OrganisationLane.objects.update(**{name: F(name) - HOUR for name in LANE_MOMENTS})
        AppBudget.objects.update(next_resume_at=F("next_resume_at") - HOUR)

    def lane_is_held(self) -> bool:
        with tenant_scope(self.tenant):
            return OrganisationLane.objects.get().lease_until is not None

    def waits_for_a_look(self) -> list[timedelta]:
        """From the send to the look, of each job whose outcome is unknown."""
        with tenant_scope(self.tenant):
            moments = SyncJob.objects.filter(state="unknown").values_list("first_sent_at", "next_at")
            return [next_at - sent_at for sent_at, next_at in moments]

    def intents(self) -> set[tuple[str, str]]:
        """Keys and hashes of what we committed before it was sent."""
        with tenant_scope(self.tenant):
            return set(SyncAttempt.objects.values_list("idempotency_key", "body_sha256"))

    def _export(self, number: str) -> Export:
        newcomer = Party(code=f"NEW-{number}", name=f"Customer of {number}", country="Australia")
        source = document(self.kind, number, **({"party": newcomer} if self.are_newcomers else {}))
        pdf = store_file(f"%PDF {number}".encode(), content_type="application/pdf", now=read_clock())
        return Export(source=source, invoice_id=invoice(self.kind), pdf_id=pdf.pk if self.has_pdf else None)


def _list(connection: XeroConnection, kind: str, code: str, **facts: Any) -> None:
    ReferenceRecord.objects.create(connection=connection, kind=kind, key=code, code=code, name=code, data=facts)


def deliver() -> None:
    """What workers do: nobody waits for these documents, and no PDF is rendered."""
    run_queue(Queue.BULK)


def said(calls: Calls) -> list[str]:
    """The calls, in the words of the table."""
    return [_word(one) for one in calls.entries()]


def _word(entry: dict[str, Any]) -> str:
    parts = entry["path"].removeprefix(API).split("/")
    if parts[0] == "Contacts":
        return "read contacts" if entry["method"] == "GET" else "create contact"
    if parts[-1].endswith(".pdf"):
        return "attach"
    if entry["method"] == "POST":
        (elements,) = entry["request_body"].values()
        return "delete" if elements[0]["Status"] == "DELETED" else "approve"
    return WORDS[entry["method"], len(parts)]


def nothing_more(_scene: Scene) -> None:
    """Only the crash."""


def person_repeats(scene: Scene) -> None:
    scene.hand_over()


def person_repeats_in_vain(scene: Scene) -> None:
    with pytest.raises(IntegrityError):
        scene.hand_over()


def person_cancels(scene: Scene) -> None:
    with tenant_scope(scene.tenant):
        now = read_clock()
        wake_lane(connection_id=XeroConnection.objects.get().pk, at=now)
        happen([Happened(job, CancelRequested()) for job in SyncJob.objects.select_related("document")], now=now)


def two_workers_are_woken(scene: Scene) -> None:
    """At once, by one nudge that was delivered twice."""
    scene.let_time_pass()
    workers = [Thread(target=_work_as_woken) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _work_as_woken() -> None:
    try:
        wake(queue=Queue.BULK)
    finally:
        connection.close()


def held_back_arrives(scene: Scene) -> None:
    """Whoever sent it does not hear the answer."""
    for arguments, keywords in scene.held_back:
        sdk.send(*arguments, **keywords)


def clock_jumps_ahead(scene: Scene) -> None:
    """By more than the quiet time, while the heart does not beat once."""
    quiet_over(scene.tenant, ticks=0)


def held_back_arrives_and_books_are_compared(scene: Scene) -> None:
    held_back_arrives(scene)
    grow_old(scene.tenant)
    compare(scene.tenant)
    scene.go_on()


def backup_is_restored(scene: Scene) -> None:
    """It is as old as the hand-over."""
    restore_backup(scene.tenant)
    mark_restored()
    assert jobs(scene.tenant, "state") == ["unknown"] * scene.count
