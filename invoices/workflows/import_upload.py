"""The import: does with every row what the dry run foretold, or what is right by now, and reports it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from freightbridge.access.models import User
from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.forget_plans import forget_plans
from freightbridge.tenancy.models import Tenant
from invoices.domain.billable_shipments import NoBillingEntityError, Unbilled
from invoices.intake.plan_shipment import plan_shipment
from invoices.models import Upload
from invoices.models.upload import UploadState
from invoices.work_names import IMPORT_UPLOAD
from invoices.workflows.apply_plans import apply_plans
from invoices.workflows.assess_shipments import assess_new, assess_shipments
from invoices.workflows.check_upload import lock_upload
from invoices.workflows.load_standing import load_standing
from invoices.workflows.refresh_drafts import refresh_drafts
from invoices.workflows.status_reached import status_reached
from invoices.workflows.upload_report import write_report
from invoices.workflows.walk_upload import Chunk, stop_upload, walk_upload

IMPORTABLE = {UploadState.CHECKED, UploadState.STOPPED}
UNDER_WAY = {UploadState.IMPORTING, UploadState.DONE}
NO_ENTITY = "There is no billing entity yet, so it could not be checked whether the shipments are ready to invoice."


def start_import(upload: Upload, *, by: User, now: datetime, actor: str = "") -> None:
    """
    A person has seen the dry run and wants it. A second click changes nothing; an import that stopped goes on.

    `actor`: who acts in the name of `by`. In the tenant's scope. Raises UploadStateError.
    """
    locked = lock_upload(upload, allowed=IMPORTABLE | UNDER_WAY)
    if locked.state not in UNDER_WAY:
        if locked.state == UploadState.CHECKED:
            locked.rows_done = locked.shipments_done = 0
            locked.messages.pop("begun", None)
        locked.state, locked.failure, locked.finished_at = UploadState.IMPORTING, "", None
        locked.save()
        enqueue_work(IMPORT_UPLOAD, [locked.pk], now=now)
        record_event(action="import upload", subject=locked, by=actor or by.email, now=now, rows=locked.row_count)
    upload.refresh_from_db()


def import_upload(work: Work) -> Again | None:
    """Background work."""
    return walk_upload(
        work,
        _import,
        during=UploadState.IMPORTING,
        afterwards=UploadState.DONE,
        if_unreadable=UploadState.STOPPED,
    )


def importing_gave_up(work: Work, reason: str) -> None:
    """What was imported stays, and its report with it."""
    sentence = f"The import stopped, which is our fault. Start it again and it goes on, or undo it. ({reason})"
    stop_upload(work, sentence, state=UploadState.STOPPED)


def _import(chunk: Chunk) -> int:
    standing = load_standing(chunk.groups, chunk.file, is_locked=True)
    plans = [
        plan_shipment(group, standing=standing.values.get(group.number), known=standing.known, rules=chunk.rules)
        for group in chunk.groups
    ]
    today = chunk.now.astimezone(chunk.tenant.zone).date()
    applied = apply_plans(plans, standing, judge=partial(_judge, chunk), now=chunk.now, today=today)
    refresh_drafts(applied.to_assess)
    assess_imported(chunk.upload, applied.to_assess, tenant=chunk.tenant, now=chunk.now)
    status_reached(applied.moved, tenant=chunk.tenant, now=chunk.now)
    told = write_report(chunk.upload, plans, shipment_ids=applied.shipment_ids, created=applied.created)
    # What was written is checked as the transaction ends.
    forget_plans()
    return told


def assess_imported(upload: Upload, shipment_ids: list[int], *, tenant: Tenant, now: datetime) -> None:
    """Those that stood already."""
    with _noting_lack_of_entity(upload):
        assess_shipments(shipment_ids, tenant=tenant, now=now)


def _judge(chunk: Chunk, found: Sequence[Unbilled]) -> None:
    with _noting_lack_of_entity(chunk.upload):
        assess_new(found, tenant=chunk.tenant, now=chunk.now)


@contextmanager
def _noting_lack_of_entity(upload: Upload) -> Iterator[None]:
    """Shipments may come in before the company has said by whom it invoices; they are checked once it has."""
    try:
        yield
    except NoBillingEntityError:
        if NO_ENTITY not in upload.notes:
            upload.notes = [*upload.notes, NO_ENTITY]
            upload.save(update_fields=["notes"])
