"""
Asks Xero what it holds of everything whose outcome is not known: one look-up for the whole organisation.

A document that is found is adopted, one that is not found waits out the quiet time and is sent again with a new
key; `look_up_rules` decides. Nothing is written here before Xero has answered cleanly.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from integrations.connection.read_from_xero import XeroReader
from integrations.job_states import OPEN_STATES, JobState, MoneyState, Operation, Step
from integrations.lanes.claim_lane import HeldLane, held_scope
from integrations.mapping.compare_answer import Difference, differences
from integrations.mapping.source import DocumentKind
from integrations.models import SyncJob, XeroDocument
from integrations.outbox.answer_verdict import figures_of
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.due_jobs import with_ids
from integrations.outbox.find_in_xero import (
    Element,
    element_id,
    found_by_id,
    found_by_mark,
    has_note,
    is_in_invoices_list,
)
from integrations.outbox.in_turn import IN_TURN, IN_TURN_PARAMETERS, in_turn
from integrations.outbox.job_events import FoundDocument, LookedUp
from integrations.outbox.nameless_jobs import stop_nameless
from integrations.outbox.steps.create_step import NUMBER_NAMES, mapped_of
from integrations.xero_gateway.answers import status_of

MUST_LOOK = Q(state=JobState.UNKNOWN) | Q(step=Step.LOOK, state__in=OPEN_STATES)
# A look-up that takes more would keep the lane from everything else; the rest comes with the next.
MOST_JOBS = 1000
# Credit notes, quotes and histories are read one by one.
MOST_SINGLE = 20

# As `MUST_LOOK`.
IS_LOOK_DUE = f"""
    SELECT EXISTS (
        SELECT FROM integrations_syncjob
        WHERE connection_id = %s AND next_at <= %s AND (state = %s OR step = %s AND state = ANY(%s)) AND {IN_TURN}
    )
"""  # noqa: S608 it is a constant
# No document has this key.
NOBODY = 0


def jobs_to_look_for(connection_id: int) -> QuerySet[SyncJob]:
    return in_turn(SyncJob.objects.filter(MUST_LOOK, connection=connection_id))


def settle_unknown(reader: XeroReader) -> None:
    """Raises ReadPostponedError, LaneLostError."""
    with held_scope(reader.held) as now:
        due = jobs_to_look_for(reader.held.connection_id).filter(next_at__lte=now)
        jobs = _some(with_ids(list(due.select_related("document").order_by("next_at", "id")[:MOST_JOBS])), now=now)
        credited = _credited_invoices(jobs)
    found = _look(reader, jobs, credited)
    with held_scope(reader.held) as now:
        _apply(found, jobs, now=now)


def _some(jobs: list[SyncJob], *, now: datetime) -> list[SyncJob]:
    """Without changes of what never came to have an id, and no more than a few that cost a call each."""
    nameless = stop_nameless(jobs)
    happen(nameless, now=now)
    stopped = {one.job for one in nameless}
    rest = [job for job in jobs if job not in stopped]
    single = [job for job in rest if job.xero_id is not None and not is_in_invoices_list(job)]
    kept = set(single[:MOST_SINGLE])
    return [job for job in rest if job not in single or job in kept]


def _credited_invoices(jobs: list[SyncJob]) -> dict[int, str]:
    """By the keys of the jobs that allocate: the id of the invoice in Xero."""
    wanted = {job.pk: job.source["invoice_document_id"] for job in jobs if job.step == Step.ALLOCATE}
    ids = dict(XeroDocument.objects.filter(pk__in=wanted.values()).values_list("pk", "xero_id"))
    return {pk: str(ids[document]) for pk, document in wanted.items()}


def _look(reader: XeroReader, jobs: list[SyncJob], credited: dict[int, str]) -> dict[int, list[FoundDocument]]:
    nameless = [job for job in jobs if job.xero_id is None]
    notes = [job for job in jobs if job.xero_id is not None and job.step == Step.NOTE]
    known = [job for job in jobs if job.xero_id is not None and job.step != Step.NOTE]
    elements = found_by_mark(reader, nameless) | found_by_id(reader, known)
    found = {job.pk: [_found(element, job, credited) for element in elements[job.pk]] for job in (*nameless, *known)}
    for job in notes:
        found[job.pk] = [FoundDocument(xero_id=str(job.xero_id), status="", is_applied=has_note(reader, job))]
    return found


def _apply(found: dict[int, list[FoundDocument]], jobs: list[SyncJob], *, now: datetime) -> None:
    """To the jobs as they are now: a person may have asked for something meanwhile."""
    standing = SyncJob.objects.filter(MUST_LOOK, pk__in=[job.pk for job in jobs])
    fresh = with_ids(list(standing.select_related("document")))
    taken = _taken_ids(found)
    for job in fresh:
        if job.operation == Operation.DISCARD:
            continue
        found[job.pk] = [one for one in found[job.pk] if taken.get(one.xero_id, job.document_id) == job.document_id]
    happen([Happened(job, LookedUp(tuple(found[job.pk])), _learnt(found[job.pk])) for job in fresh], now=now)


def _taken_ids(found: dict[int, list[FoundDocument]]) -> dict[str, int]:
    """
    Which of our documents has each id already: of two with the same facts each keeps its own. What is being taken
    away as a second one belongs to none.
    """
    ids = {one.xero_id for several in found.values() for one in several}
    known = XeroDocument.objects.filter(xero_id__in=ids).values_list("xero_id", "pk")
    unwanted = SyncJob.objects.filter(operation=Operation.DISCARD, xero_id__in=ids).exclude(state=JobState.REJECTED)
    nobodys = {str(xero_id): NOBODY for xero_id in unwanted.values_list("xero_id", flat=True)}
    return {str(xero_id): pk for xero_id, pk in known} | nobodys


def _found(element: Element, job: SyncJob, credited: dict[int, str]) -> FoundDocument:
    compares = job.mapped is not None and job.operation in {Operation.CREATE, Operation.UPDATE}
    return FoundDocument(
        xero_id=element_id(element),
        status=status_of(element),
        differences=tuple(_differences(element, job)) if compares else (),
        has_payments=_money_moved(element),
        is_applied=job.pk in credited and _is_allocated(element, credited[job.pk]),
    )


def _differences(element: Element, job: SyncJob) -> list[Difference]:
    """After a restore a document may be found that went out under another number."""
    mapped = mapped_of(job)
    number = str(element.get(NUMBER_NAMES[DocumentKind(job.kind)], mapped.number))
    others = [Difference("number", mapped.number, number)] if number != mapped.number else []
    return [*others, *differences(mapped, figures_of(element))]


def _money_moved(element: Element) -> bool:
    paid = element.get("AmountPaid") or element.get("AmountCredited")
    return bool(paid) or bool(element.get("Allocations")) or bool(element.get("Payments"))


def _is_allocated(element: Element, invoice_id: str) -> bool:
    allocated = {(one.get("Invoice") or {}).get("InvoiceID") for one in element.get("Allocations") or []}
    return invoice_id in allocated


def _learnt(found: list[FoundDocument]) -> dict[str, Any]:
    if len(found) != 1 or not found[0].status:
        return {}
    learnt: dict[str, Any] = {"xero_status": found[0].status}
    return {**learnt, "money_state": MoneyState.UNPAID} if found[0].status == "AUTHORISED" else learnt


def wants_look(held: HeldLane, *, now: datetime) -> bool:
    """In `held_scope`. As SQL, since every call begins with it."""
    parameters = (held.connection_id, now, JobState.UNKNOWN, Step.LOOK, sorted(OPEN_STATES), *IN_TURN_PARAMETERS)
    with connection.cursor() as cursor:
        cursor.execute(IS_LOOK_DUE, parameters)
        (is_due,) = cursor.fetchone()
    return bool(is_due)
