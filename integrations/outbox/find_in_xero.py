"""
Reads what Xero holds of documents whose fate is not known: by our mark on them, or by the id that we stored.

One call finds up to a thousand. Raises ReadPostponedError where an answer is anything but clean: only a clean one
can prove that something is not there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from integrations.connection.read_from_xero import XeroReader
from integrations.job_states import Step
from integrations.mapping.document_identity import short_identity
from integrations.mapping.source import DocumentKind
from integrations.models import SyncJob, XeroDocument
from integrations.xero_gateway.gateway import PATHS

Element = dict[str, Any]
Mark = tuple[str, ...]
# Clocks differ, some by a quarter of an hour.
MARGIN = timedelta(hours=1)
# By what does not change while pages are read: in the order of changes one could slip past between two pages.
ORDERS = {"Invoices": "InvoiceID", "CreditNotes": "CreditNoteID", "Quotes": "QuoteID"}
# Ids in one query: the address must not grow too long (Xero's advice, unconfirmed).
MOST_IDS = 40


def found_by_mark(reader: XeroReader, jobs: Sequence[SyncJob]) -> dict[int, list[Element]]:
    """By the jobs' keys: what bears their mark, oldest first. Jobs that were sent and have no id."""
    found: dict[int, list[Element]] = {}
    for path in sorted({PATHS[DocumentKind(job.kind)] for job in jobs}):
        members = [job for job in jobs if PATHS[DocumentKind(job.kind)] == path]
        since = min(job.first_sent_at or job.created_at for job in members) - MARGIN
        # Only the invoices' list can be asked for ours alone.
        query: dict[str, str | int] = {"createdByMyApp": "true"} if path == "Invoices" else {}
        elements = list(reader.read_pages(path, modified_since=since, order=ORDERS[path], **query))
        index = _index(path, elements)
        found |= {job.pk: _oldest_first(_of_contact(job, index[mark_of(job.document)])) for job in members}
    return found


def found_by_id(reader: XeroReader, jobs: Sequence[SyncJob | XeroDocument]) -> dict[int, list[Element]]:
    """By the keys of jobs or of documents: what has the stored id, or nothing."""
    by_id = {element_id(element): element for element in _elements_by_id(reader, jobs)}
    return {job.pk: [by_id[str(job.xero_id)]] if str(job.xero_id) in by_id else [] for job in jobs}


def has_note(reader: XeroReader, job: SyncJob) -> bool:
    records = reader.read(f"{PATHS[DocumentKind(job.kind)]}/{job.xero_id}/History")
    return any(record.get("Details") == job.source["text"] for record in records)


def element_id(element: Element) -> str:
    """Xero's id of it, in lower case as `str(UUID)` writes one; empty where it has none."""
    return str(element.get("InvoiceID") or element.get("CreditNoteID") or element.get("QuoteID") or "").lower()


def mark_on(path: str, element: Element) -> Mark:
    """
    What stands where our mark would stand on an element of the list `path`, whoever wrote it: ("url", identity),
    ("reference", short identity), or ("facts", number, total with currency) of a supplier's credit note, which has
    room for no mark of ours. Empty texts where nothing stands there.
    """
    if path == "Invoices":
        return ("url", str(element.get("Url", "")).rpartition("/d/")[2])
    if element.get("Type") == "ACCPAYCREDIT":
        total = f"{element.get('Total', 0):.2f} {element.get('CurrencyCode', '')}"
        return ("facts", str(element.get("CreditNoteNumber", "")), total)
    return ("reference", str(element.get("Reference", "")).rpartition(" ")[2])


def mark_of(document: XeroDocument) -> Mark:
    """What `mark_on` finds on this document's element in Xero. "facts" may be another's too; a mark cannot."""
    kind = DocumentKind(document.kind)
    if PATHS[kind] == "Invoices":
        return ("url", document.identity)
    if kind == DocumentKind.BILL_CREDIT_NOTE:
        return ("facts", document.number, f"{document.total:.2f} {document.currency}")
    return ("reference", short_identity(document.identity))


def is_in_invoices_list(job: SyncJob) -> bool:
    """Many of these come with one call; anything else costs a call each."""
    return PATHS[DocumentKind(job.kind)] == "Invoices" and job.step != Step.NOTE


def _elements_by_id(reader: XeroReader, jobs: Sequence[SyncJob | XeroDocument]) -> Iterator[Element]:
    ids: dict[str, list[str]] = defaultdict(list)
    for job in jobs:
        ids[PATHS[DocumentKind(job.kind)]].append(str(job.xero_id))
    for start in range(0, len(ids["Invoices"]), MOST_IDS):
        some = ",".join(ids["Invoices"][start : start + MOST_IDS])
        yield from reader.read("Invoices", IDs=some, page=1, pageSize=MOST_IDS)
    for path in ("CreditNotes", "Quotes"):
        for xero_id in ids[path]:
            yield from reader.read(f"{path}/{xero_id}")


def _index(path: str, elements: Iterable[Element]) -> dict[Mark, list[Element]]:
    index: dict[Mark, list[Element]] = defaultdict(list)
    for element in elements:
        index[mark_on(path, element)].append(element)
    return index


def _of_contact(job: SyncJob, elements: list[Element]) -> list[Element]:
    """A supplier's credit note must be this supplier's; the others bear a mark that cannot be mistaken."""
    if job.kind != DocumentKind.BILL_CREDIT_NOTE or job.contact_id is None:
        return elements
    contact_id = str(job.contact_id)
    return [one for one in elements if (one.get("Contact") or {}).get("ContactID", "").lower() == contact_id]


def _oldest_first(elements: list[Element]) -> list[Element]:
    """As Xero numbers what it changed; equal moments keep the order of the answer."""
    return sorted(elements, key=lambda element: str(element.get("UpdatedDateUTC", "")))
