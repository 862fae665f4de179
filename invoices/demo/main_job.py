"""The main job as a user does it, step by step, against running workers: upload, connect, send, pay, read back."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from freightbridge.access.models import User
from freightbridge.background_work.enqueue_work import enqueue_work, has_work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import ASSESS_SHIPMENTS, CHECK_PAYMENTS, REFRESH_REFERENCE_DATA
from integrations.job_states import OPEN_STATES, DocumentState, MoneyState
from integrations.models import SendBatch, SyncJob, XeroConnection, XeroDocument
from integrations.sandbox_replay.sandbox_admin import SandboxAdmin
from invoices.demo.demo_companies import DemoCompany
from invoices.demo.found_company import connect_company
from invoices.demo.wait_for_workers import wait_until
from invoices.models import Shipment, Upload
from invoices.models.upload import UploadState
from invoices.workflows.check_upload import start_check
from invoices.workflows.import_upload import start_import
from invoices.workflows.receive_upload import receive_upload
from invoices.workflows.send_to_accounting import send_to_accounting

FAILED = {UploadState.FAILED, UploadState.STOPPED}


class MainJobError(Exception):
    """A step did not do what it must; the message says which and how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MainJob:
    """`seconds` is what each step may take."""

    tenant: Tenant
    company: DemoCompany
    sandbox: SandboxAdmin
    seconds: float

    def upload(self, content: bytes, *, file_name: str) -> Upload:
        """Received, checked in a dry run, imported. Raises MainJobError, UnreadableFileError."""
        operator = User.objects.get(email=self.company.email("operator"))
        with tenant_scope(self.tenant):
            upload = receive_upload(content, file_name=file_name, by=operator, now=read_clock())
            if upload.state == UploadState.MATCHING:
                start_check(upload, rules=upload.rules, by=operator, now=read_clock())
        self._wait_for_upload(upload, UploadState.CHECKED)
        with tenant_scope(self.tenant):
            start_import(upload, by=operator, now=read_clock())
        self._wait_for_upload(upload, UploadState.DONE)
        return upload

    def connect(self, *, attaches_pdf: bool) -> XeroConnection:
        connection = connect_company(self.tenant, self.company, self.sandbox, attaches_pdf=attaches_pdf)
        self._wait_for_work(REFRESH_REFERENCE_DATA, connection, is_periodic=True)
        self._wait_for_work(ASSESS_SHIPMENTS, connection)
        return connection

    def send(self, shipments: Sequence[int] | None = None) -> SendBatch:
        """All of them, or those named; returns when each document is in Xero or was stopped."""
        with tenant_scope(self.tenant):
            chosen = Shipment.objects.all() if shipments is None else Shipment.objects.filter(pk__in=shipments)
            now, by = read_clock(), self.company.email("operator")
            batch = send_to_accounting(chosen, form_token=uuid.uuid4(), by=by, now=now)
        self._wait("Preparing the batch", lambda: SendBatch.objects.get(pk=batch.pk).prepared_at is not None)
        self._wait("Sending", lambda: not SyncJob.objects.filter(batch=batch, state__in=OPEN_STATES).exists())
        with tenant_scope(self.tenant):
            batch = SendBatch.objects.get(pk=batch.pk)
        if batch.failure:
            raise MainJobError(f"The batch could not be prepared: {batch.failure}")
        return batch

    def pay_half(self, connection: XeroConnection, *, day: date) -> list[str]:
        """Every second invoice, in full, as a person in Xero would. Returns their ids there."""
        with tenant_scope(self.tenant):
            unpaid = XeroDocument.objects.filter(state=DocumentState.IN_XERO, money_state=MoneyState.UNPAID)
            half = list(unpaid.order_by("number").values_list("xero_id", "total"))[::2]
        for xero_id, total in half:
            self.sandbox.pay(str(connection.organisation_id), str(xero_id), amount=f"{total:.2f}", day=day)
        return [str(xero_id) for xero_id, _ in half]

    def read_payments(self, connection: XeroConnection) -> None:
        """What the button Check payments now does."""
        with tenant_scope(self.tenant):
            before = XeroConnection.objects.get(pk=connection.pk).payments_checked_at
            enqueue_work(CHECK_PAYMENTS, [connection.pk], now=read_clock())
        self._wait(
            "Checking payments",
            lambda: XeroConnection.objects.get(pk=connection.pk).payments_checked_at != before,
        )

    def _wait_for_upload(self, upload: Upload, state: UploadState) -> None:
        def is_there() -> bool:
            found = Upload.objects.get(pk=upload.pk)
            if found.state in FAILED:
                raise MainJobError(f"{found} failed: {found.failure}")
            return found.state == state

        self._wait(f"The upload, until it is {state}", is_there)

    def _wait_for_work(self, kind: str, connection: XeroConnection, *, is_periodic: bool = False) -> None:
        """Periodic work stays in the table; that it was done shows in the connection."""

        def is_done() -> bool:
            if is_periodic:
                return XeroConnection.objects.get(pk=connection.pk).reference_data_at is not None
            return not has_work(kind, connection.pk)

        self._wait(kind.capitalize(), is_done)

    def _wait(self, what: str, is_done: Callable[[], bool]) -> None:
        def is_done_in_scope() -> bool:
            with tenant_scope(self.tenant):
                return is_done()

        wait_until(is_done_in_scope, what=what, seconds=self.seconds)
