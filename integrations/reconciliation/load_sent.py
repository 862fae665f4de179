"""Finds, for documents seen in Xero, what we know of them: by the id that Xero gave, else by our mark."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left

from integrations.job_states import ADDITIONS, OPEN_STATES, DocumentState, JobState, Operation
from integrations.mapping.document_identity import LENGTH, SHORT_LENGTH
from integrations.mapping.documents import MappedDocument
from integrations.mapping.source import DocumentKind, from_json
from integrations.models import SyncJob, XeroDocument
from integrations.outbox.find_in_xero import Element, Mark, element_id, mark_of, mark_on
from integrations.reconciliation.compare_ledgers import Sent

# What could be the end of a reference that we wrote.
SHORT_IDENTITY = re.compile(rf"[A-Z2-7]{{{SHORT_LENGTH}}}")
IDENTITY = re.compile(rf"[A-Z2-7]{{{LENGTH}}}")
Documents = QuerySet[XeroDocument]
WRITING = [Operation.CREATE, Operation.UPDATE]
REFUSED = [JobState.REJECTED, JobState.ATTENTION]


@dataclass(frozen=True, slots=True)
class Match:
    """An element that is ours, with the document here; `document` None: nobody here knows it."""

    element: Element
    document: XeroDocument | None


def match(connection_id: int, path: str, elements: Sequence[Element]) -> list[Match]:
    """Those that bear our mark or an id of ours; a person's own documents are left out. In the tenant's scope."""
    documents = XeroDocument.objects.filter(connection=connection_id)
    by_id = {str(one.xero_id): one for one in documents.filter(xero_id__in=[element_id(one) for one in elements])}
    others = {element_id(one): mark_on(path, one) for one in elements if element_id(one) not in by_id}
    by_mark = {**_by_identity(documents, others.values()), **_by_short_identity(documents, others.values())}
    matched = []
    for element in elements:
        xero_id = element_id(element)
        document = by_id.get(xero_id) or by_mark.get(others.get(xero_id, ()))
        if document is not None or _is_our_address(others[xero_id]):
            matched.append(Match(element, document))
    return [*matched, *_by_facts(documents, path, [one for one in elements if element_id(one) in others])]


def sent_of(documents: Iterable[XeroDocument], *, settled_before: datetime) -> dict[int, Sent]:
    """By the documents' keys. In the tenant's scope."""
    wanted = {document.pk: document for document in documents}
    jobs: dict[int, list[SyncJob]] = defaultdict(list)
    for job in SyncJob.objects.filter(document__in=wanted).defer("source", "mapped", "standing").order_by("pk"):
        jobs[job.document_id].append(job)
    delivered = {pk: _delivered(jobs[pk]) for pk in wanted}
    mapped = dict(
        SyncJob.objects.filter(pk__in=[job.pk for job in delivered.values() if job]).values_list("document", "mapped")
    )
    return {
        pk: _sent(document, jobs[pk], mapped.get(pk), settled_before=settled_before) for pk, document in wanted.items()
    }


def _sent(document: XeroDocument, jobs: list[SyncJob], mapped: Any, *, settled_before: datetime) -> Sent:
    create = next((job for job in reversed(jobs) if job.operation == Operation.CREATE), None)
    discards = [job for job in jobs if job.operation == Operation.DISCARD]
    return Sent(
        document_id=document.pk,
        xero_id=str(document.xero_id or ""),
        state=document.state,
        create_state=create.state if create else "",
        target_status=create.target_status if create else "",
        is_settled=all(_is_settled(job, settled_before) for job in jobs if job.operation not in ADDITIONS),
        was_restored=create is not None and create.unknown_since is not None,
        mapped=from_json(MappedDocument, mapped) if mapped else None,
        kept_ids=frozenset(str(job.xero_id) for job in discards if job.state in REFUSED),
    )


def _delivered(jobs: list[SyncJob]) -> SyncJob | None:
    """The last that wrote what Xero holds now."""
    done = [job for job in jobs if job.operation in WRITING and job.state == JobState.DONE]
    return done[-1] if done else None


def _is_settled(job: SyncJob, settled_before: datetime) -> bool:
    return job.state not in OPEN_STATES and (job.finished_at is None or job.finished_at < settled_before)


def _by_identity(documents: Documents, marks: Iterable[Mark]) -> dict[Mark, XeroDocument]:
    identities = [mark[1] for mark in marks if mark[0] == "url" and mark[1]]
    return {mark_of(one): one for one in documents.filter(identity__in=identities)}


def _by_short_identity(documents: Documents, marks: Iterable[Mark]) -> dict[Mark, XeroDocument]:
    short = [mark[1] for mark in marks if mark[0] == "reference" and SHORT_IDENTITY.fullmatch(mark[1])]
    if not short:
        return {}
    found = documents.annotate(short=Left("identity", SHORT_LENGTH)).filter(short__in=short)
    return {mark_of(one): one for one in found}


def _by_facts(documents: Documents, path: str, elements: Sequence[Element]) -> list[Match]:
    """
    A supplier's credit note bears no mark: one with the number, total and currency of one of ours, which has another
    id, may be a second one, or one that a person entered too.
    """
    marks = {element_id(one): mark_on(path, one) for one in elements}
    numbers = [mark[1] for mark in marks.values() if mark[0] == "facts" and mark[1]]
    ours = documents.filter(kind=DocumentKind.BILL_CREDIT_NOTE, number__in=numbers, xero_id__isnull=False)
    by_facts = {mark_of(one): one for one in ours}
    matched = [Match(one, by_facts.get(marks[element_id(one)])) for one in elements]
    return [one for one in matched if one.document and _contact(one.element) == _contact_of(one.document)]


def _contact(element: Element) -> str:
    return str((element.get("Contact") or {}).get("ContactID", "")).lower()


def _contact_of(document: XeroDocument) -> str:
    create = SyncJob.objects.filter(document=document, operation=Operation.CREATE).order_by("-pk").first()
    return str(create.contact_id or "") if create else ""


def _is_our_address(mark: Mark) -> bool:
    """Nobody but us writes such an address into a document."""
    return mark[0] == "url" and IDENTITY.fullmatch(mark[1]) is not None


def unseen_since(connection_id: int, *, sent_from: datetime, began_at: datetime) -> Documents:
    """Delivered documents that should have stood in the lists read since `began_at`, and did not."""
    delivered = XeroDocument.objects.filter(
        connection=connection_id, state=DocumentState.IN_XERO, sent_at__gt=sent_from, sent_at__lt=began_at
    )
    return delivered.exclude(compared_at__gte=began_at)
