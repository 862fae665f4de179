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
from integrations.models import SyncJob
from integrations.xero_gateway.gateway import PATHS

Element = dict[str, Any]
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
        found |= {job.pk: _oldest_first(_of_contact(job, index[_mark_of(job)])) for job in members}
    return found


def found_by_id(reader: XeroReader, jobs: Sequence[SyncJob]) -> dict[int, list[Element]]:
    """By the jobs' keys: the document that has the stored id, or nothing."""
    by_id = {element_id(element): element for element in _elements_by_id(reader, jobs)}
    return {job.pk: [by_id[str(job.xero_id)]] if str(job.xero_id) in by_id else [] for job in jobs}


def has_note(reader: XeroReader, job: SyncJob) -> bool:
    records = reader.read(f"{PATHS[DocumentKind(job.kind)]}/{job.xero_id}/History")
    return any(record.get("Details") == job.source["text"] for record in records)


def element_id(element: Element) -> str:
    return str(element.get("InvoiceID") or element.get("CreditNoteID") or element.get("QuoteID") or "").lower()


def is_in_invoices_list(job: SyncJob) -> bool:
    """Many of these come with one call; anything else costs a call each."""
    return PATHS[DocumentKind(job.kind)] == "Invoices" and job.step != Step.NOTE


def _elements_by_id(reader: XeroReader, jobs: Sequence[SyncJob]) -> Iterator[Element]:
    ids: dict[str, list[str]] = defaultdict(list)
    for job in jobs:
        ids[PATHS[DocumentKind(job.kind)]].append(str(job.xero_id))
    for start in range(0, len(ids["Invoices"]), MOST_IDS):
        some = ",".join(ids["Invoices"][start : start + MOST_IDS])
        yield from reader.read("Invoices", IDs=some, page=1, pageSize=MOST_IDS)
    for path in ("CreditNotes", "Quotes"):
        for xero_id in ids[path]:
            yield from reader.read(f"{path}/{xero_id}")


def _index(path: str, elements: Iterable[Element]) -> dict[tuple[str, ...], list[Element]]:
    index: dict[tuple[str, ...], list[Element]] = defaultdict(list)
    for element in elements:
        for mark in _marks_on(path, element):
            index[mark].append(element)
    return index


def _marks_on(path: str, element: Element) -> Iterator[tuple[str, ...]]:
    """Where our mark would stand on it; a supplier's credit note has room for none, so its own facts must do."""
    if path == "Invoices":
        yield ("url", str(element.get("Url", "")).rpartition("/d/")[2])
    elif element.get("Type") == "ACCPAYCREDIT":
        yield ("facts", str(element.get("CreditNoteNumber", "")), _amount(element))
    else:
        yield ("reference", str(element.get("Reference", "")).rpartition(" ")[2])


def _mark_of(job: SyncJob) -> tuple[str, ...]:
    kind, identity, mapped = DocumentKind(job.kind), job.document.identity, job.mapped or {}
    if PATHS[kind] == "Invoices":
        return ("url", identity)
    if kind == DocumentKind.BILL_CREDIT_NOTE:
        return ("facts", str(mapped.get("number")), f"{job.document.total:.2f} {job.document.currency}")
    return ("reference", short_identity(identity))


def _of_contact(job: SyncJob, elements: list[Element]) -> list[Element]:
    """A supplier's credit note must be this supplier's; the others bear a mark that cannot be mistaken."""
    if job.kind != DocumentKind.BILL_CREDIT_NOTE or job.contact_id is None:
        return elements
    contact_id = str(job.contact_id)
    return [one for one in elements if (one.get("Contact") or {}).get("ContactID", "").lower() == contact_id]


def _amount(element: Element) -> str:
    return f"{element.get('Total', 0):.2f} {element.get('CurrencyCode', '')}"


def _oldest_first(elements: list[Element]) -> list[Element]:
    """As Xero numbers what it changed; equal moments keep the order of the answer."""
    return sorted(elements, key=lambda element: str(element.get("UpdatedDateUTC", "")))
