"""Holds everything that was sent against everything that is in Xero, to the cent and to the byte."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.job_states import JobState
from integrations.mapping.documents import MappedDocument
from integrations.mapping.source import from_json
from integrations.models import SyncJob
from invoices.demo.open_pdfs import are_named

IN_LEDGER = {"AUTHORISED", "PAID"}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What differs, of which document."""

    document: str
    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Comparison:
    documents: int
    attached: int
    duplicates: tuple[str, ...]
    mismatches: tuple[Mismatch, ...]


def compare_books(documents_in_xero: list[dict[str, Any]], *, wants_pdfs: bool) -> Comparison:
    """In the tenant's scope. `documents_in_xero`: as the sandbox's admin API lists them."""
    jobs = list(SyncJob.objects.filter(state=JobState.DONE).select_related("document", "pdf").order_by("id"))
    by_id = {document["id"]: document for document in documents_in_xero}
    mismatches = [found for job in jobs for found in _compare(job, by_id.get(str(job.xero_id)))]
    if wants_pdfs:
        mismatches += _compare_pdfs(jobs, by_id)
    return Comparison(
        documents=len(jobs),
        attached=sum(bool(_attachments(by_id.get(str(job.xero_id)))) for job in jobs),
        duplicates=tuple(_duplicates(documents_in_xero)),
        mismatches=(*mismatches, *_strangers(jobs, documents_in_xero)),
    )


def _compare(job: SyncJob, there: dict[str, Any] | None) -> Iterator[Mismatch]:
    if there is None:
        yield Mismatch(job.document.number, "existence", "sent", "absent")
        return
    mapped = from_json(MappedDocument, job.mapped)
    ours = {
        "number": mapped.number,
        "reference": mapped.reference,
        "total": f"{mapped.total:.2f}",
        "tax": f"{mapped.tax_total:.2f}",
        "currency": mapped.currency,
        "lines": "; ".join(f"{line.account_code} {line.tax_type} {line.net_amount:.2f}" for line in mapped.lines),
        "customer": mapped.customer_code,
        "ledger": "yes",
    }
    theirs = {
        "number": there["number"],
        "reference": there["reference"],
        "total": there["total"],
        "tax": there["tax"],
        "currency": there["currency"],
        "lines": "; ".join(
            f"{line['account_code']} {line['tax_type']} {line['line_amount']}" for line in there["lines"]
        ),
        "customer": there["contact_account_number"],
        "ledger": "yes" if there["status"] in IN_LEDGER else there["status"],
    }
    for field, value in ours.items():
        if value != theirs[field]:
            yield Mismatch(mapped.number, field, value, theirs[field])


def _compare_pdfs(jobs: list[SyncJob], by_id: Mapping[str, dict[str, Any]]) -> Iterator[Mismatch]:
    """Exactly one file of each, the very bytes we rendered, and they open."""
    same: list[SyncJob] = []
    for job in (one for one in jobs if str(one.xero_id) in by_id):
        ours = job.pdf.sha256 if job.pdf else "none"
        theirs = ", ".join(sorted(one["sha256"] for one in _attachments(by_id[str(job.xero_id)]))) or "none"
        if ours != theirs:
            yield Mismatch(job.document.number, "PDF", ours, theirs)
        elif job.pdf:
            same.append(job)
    opened = are_named([(bytes(job.pdf.content), job.document.number) for job in same if job.pdf])
    for job, is_right in zip(same, opened, strict=True):
        if not is_right:
            yield Mismatch(job.document.number, "PDF", "opens and names its number", "does not")


def _duplicates(documents_in_xero: list[dict[str, Any]]) -> Iterator[str]:
    """By our mark, where the document carries one, and by number: one of each, whatever its status."""
    marks = Counter(one["url"] for one in documents_in_xero if one["url"])
    numbers = Counter((one["type"], one["number"]) for one in documents_in_xero if one["type"] != "ACCPAY")
    yield from (mark for mark, count in marks.items() if count > 1)
    yield from (number for (_, number), count in numbers.items() if count > 1)


def _strangers(jobs: list[SyncJob], documents_in_xero: list[dict[str, Any]]) -> Iterator[Mismatch]:
    """Made by us, and yet none of ours: an approved document that we do not know, or a copy of one."""
    known = {str(job.xero_id) for job in jobs}
    stopped = {str(found) for found in SyncJob.objects.exclude(xero_id=None).values_list("xero_id", flat=True)}
    for one in documents_in_xero:
        if one["created_by"] == "sandbox-client" and one["id"] not in known | stopped:
            yield Mismatch(one["number"], "existence", "never sent", one["status"])


def _attachments(there: dict[str, Any] | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = there["attachments"] if there else []
    return found
