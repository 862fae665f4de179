"""A company with freight and a connection that calls nothing, and people who open its pages."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from freightbridge.access.models import User
from freightbridge.background_work.work_kinds import Work
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address
from integrations.accounting_log.write_entry import job_entry, write_entries
from integrations.job_states import LogResult
from integrations.models import (
    AdoptionMatch,
    AdoptionSearch,
    AttemptMember,
    LedgerBreak,
    NumberCheck,
    SendBatch,
    SyncAttempt,
    SyncJob,
    XeroConnection,
    XeroDocument,
)
from integrations.models.export_file import ExportChoice, ExportKind
from invoices.models import NumberSeries, Shipment, StatusChange
from invoices.workflows.assess_shipments import assess_shipments
from invoices.workflows.change_statuses import start_change
from invoices.workflows.choose_exports import ExportWanted
from invoices.workflows.make_export_file import ask_for_export_file, make_export_file
from invoices.workflows.prepare_batch import prepare_chunk
from invoices.workflows.send_to_accounting import send_to_accounting
from tests.conftest import NOW, make_member
from tests.freight_factories import ready_shipment
from tests.offline_company import offline_company

# Of a document that was stopped: what a rule of ours mends, and what none does.
UNMAPPED = {"code": "FB-301", "subject": "FRT", "words": {"charge_code": "FRT", "side": "sales"}}
REFUSED = {"code": "FB-504", "subject": "", "words": {"differences": "total", "standing": "is a draft there"}}
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a browser. `page`: the name of its URL."""

    client: Client
    tenant: Tenant

    def get(self, page: str, /, *arguments: Any, part: str = "", **query: Any) -> HttpResponse:
        """`part`: what htmx asks for."""
        headers = {**HTMX, "HX-Target": part} if part else None
        return self.client.get(page_address(self.tenant, page, *arguments), query, headers=headers)

    def post(self, page: str, /, *arguments: Any, **data: Any) -> HttpResponse:
        return self.client.post(page_address(self.tenant, page, *arguments), data)

    def text(self, page: str, /, *arguments: Any, **query: Any) -> str:
        response = self.get(page, *arguments, **query)
        assert response.status_code == 200
        return response.content.decode()


def visitor(tenant: Tenant, role: str) -> Visitor:
    """Who has just signed in."""
    client, user = Client(), make_member(tenant, role)
    client.force_login(user)
    prove(client, user)
    return Visitor(client, tenant)


def prove(client: Client, user: User, *, seconds_ago: float = 0) -> None:
    """As a sign-in with the password leaves it in the session."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - seconds_ago}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def company(tenant: Tenant, **settings: Any) -> XeroConnection:
    with tenant_scope(tenant):
        return offline_company(**settings)


def assessed(tenant: Tenant, count: int = 1, **fields: Any) -> list[Shipment]:
    """Shipments as they stand after an upload: with a charge, and checked."""
    with tenant_scope(tenant):
        shipments = [ready_shipment(**fields) for _ in range(count)]
        assess_shipments([shipment.pk for shipment in shipments], tenant=tenant, now=NOW)
        return list(Shipment.objects.filter(pk__in=[shipment.pk for shipment in shipments]).order_by("id"))


def sent(tenant: Tenant, shipments: Sequence[Shipment], *, state: str = "in xero", **changes: Any) -> SendBatch:
    """As after a click on Send, with the delivery's work written by hand: nothing is called."""
    with tenant_scope(tenant):
        selected = Shipment.objects.filter(pk__in=[shipment.pk for shipment in shipments])
        batch = send_to_accounting(selected, form_token=uuid.uuid4(), by="operator@acme-freight.example", now=NOW)
        while prepare_chunk(batch, tenant=tenant, now=NOW):
            pass
        for job in SyncJob.objects.filter(batch=batch).select_related("document"):
            _deliver(job, state, changes)
        return SendBatch.objects.get(pk=batch.pk)


def _deliver(job: SyncJob, state: str, changes: dict[str, Any]) -> None:
    job_state = {"in xero": "done"}.get(state, state)
    xero_id = uuid.uuid4() if state == "in xero" else None
    SyncJob.objects.filter(pk=job.pk).update(
        state=job_state, xero_id=xero_id, correlation_id="FB-0123456789AB", finished_at=NOW + timedelta(seconds=9),
        first_sent_at=NOW, **{name: changes[name] for name in ("problems", "problem_code") if name in changes},
    )  # fmt: skip
    document = {"state": state, "xero_id": xero_id, "money_state": "unpaid" if xero_id else "", "sent_at": NOW}
    XeroDocument.objects.filter(pk=job.document_id).update(**{**document, **changes.get("document", {})})
    call = {
        "step": "create", "generation": 1, "fence": 1, "method": "PUT", "path": "/api.xro/2.0/Invoices?unitdp=4",
        "idempotency_key": "fb1:key", "body": b'{"Invoices": [{"Total": 1}]}', "body_sha256": "0" * 64,
        "sent_at": NOW, "finished_at": NOW + timedelta(seconds=1), "http_status": 200,
        "answer": '{"Invoices": [{"Status": "DRAFT"}]}', "correlation_id": "FB-0123456789AB", **changes.get("call", {}),
    }  # fmt: skip
    attempt = SyncAttempt.objects.create(connection_id=job.connection_id, **call)
    AttemptMember.objects.create(attempt=attempt, job=job, position=0, verdict="applied")
    job.correlation_id = attempt.correlation_id
    write_entries(
        [job_entry(job, result=LogResult.DONE, event="created", text="Xero has it.", now=NOW, attempt=attempt)]
    )


def exported(tenant: Tenant, shipments: Sequence[Shipment]) -> None:
    """A file made of these shipments, and of whatever else is ready."""
    assert shipments
    with tenant_scope(tenant):
        wanted = ExportWanted(kind=ExportKind.SALES, choice=ExportChoice.NEW, takes_ready=True)
        file = ask_for_export_file(wanted, form_token=uuid.uuid4(), by="operator@acme-freight.example", now=NOW)
    make_export_file(Work(tenant_id=tenant.pk, subject_id=file.pk))


def searched(tenant: Tenant, shipments: Sequence[Shipment]) -> None:
    """A search that found each of them in Xero."""
    with tenant_scope(tenant):
        search = AdoptionSearch.objects.create(
            connection=XeroConnection.objects.get(), number=1, asked_by="operator@acme-freight.example", asked_at=NOW,
            found_at=NOW,
        )  # fmt: skip
        for shipment in shipments:
            ours = {"number": shipment.number, "contact": "Acme", "total": "1375.00", "currency": "AUD"}
            theirs = {
                "InvoiceID": str(uuid.uuid4()), "InvoiceNumber": shipment.number, "Status": "AUTHORISED",
                "Contact": {"Name": "Acme"},
                "Total": "1375.00", "CurrencyCode": "AUD", "DateString": "2026-03-02T00:00:00",
            }  # fmt: skip
            AdoptionMatch.objects.create(search=search, shipment=shipment, band="exact", ours=ours, theirs=theirs)


def checked_numbers(**held: list[list[int]]) -> None:
    """As after a look into Xero. `held` by kind: quote=[[5, 1, 7]] are Q-00001 to Q-00007. In the tenant's scope."""
    for series in NumberSeries.objects.order_by("id"):
        runs = held.get(series.kind.replace(" ", "_"), [])
        NumberCheck.objects.create(
            connection=XeroConnection.objects.get(), series=series, prefix=series.prefix, asked_at=NOW, known_at=NOW,
            is_under_way=False, prefixed_count=sum(last - first + 1 for _, first, last in runs), held=runs,
        )  # fmt: skip


def differing_break(**fields: Any) -> LedgerBreak:
    """An invoice that somebody has changed in Xero. In the tenant's scope."""
    document = XeroDocument.objects.filter(xero_id__isnull=False).first()
    assert document is not None
    difference = {"field": "total", "ours": f"{document.total:.2f}", "theirs": "99.00"}
    found: LedgerBreak = LedgerBreak.objects.create(
        **{
            "connection_id": document.connection_id, "document": document, "kind": "figures",
            "xero_id": document.xero_id, "document_kind": document.kind, "number": document.number,
            "xero_status": "AUTHORISED", "currency": document.currency, "total": "99.00",
            "differences": [difference], "found_at": NOW, "seen_at": NOW, **fields,
        }
    )  # fmt: skip
    return found


def status_change(tenant: Tenant, shipments: Sequence[Shipment]) -> StatusChange:
    """Of somebody who closed them. In the tenant's scope."""
    selected = Shipment.objects.filter(pk__in=[shipment.pk for shipment in shipments])
    return start_change(
        selected, status="closed", form_token=uuid.uuid4(), tenant=tenant, by="operator@acme-freight.example", now=NOW
    )
