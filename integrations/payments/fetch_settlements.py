"""Asks Xero how single documents stand, by their ids and by as many in a call as fit into an address."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from integrations.connection.read_from_xero import XeroReader
from integrations.mapping.source import DocumentKind
from integrations.models import XeroDocument
from integrations.payments.settlement import Settlement, settlement_of_credit_note, settlement_of_invoice

IDS_IN_A_CALL = 40
# Credit notes have no filter by ids, only conditions, which are longer.
NOTES_IN_A_CALL = 15
# What one turn in the lane may read: people's clicks wait behind it.
DOCUMENTS_IN_A_TURN = 10 * IDS_IN_A_CALL
Member = TypeVar("Member")


def fetch_settlements(reader: XeroReader, documents: Sequence[XeroDocument]) -> Iterator[Settlement]:
    """
    With their single payments; no quotes among `documents`. Those that Xero does not know are left out.

    Sources: the parameters of getInvoices and getCreditNotes in Xero's OpenAPI file. Raises ReadPostponedError,
    LaneLostError.
    """
    notes = [str(one.xero_id) for one in documents if DocumentKind(one.kind).is_credit_note]
    invoices = [str(one.xero_id) for one in documents if not DocumentKind(one.kind).is_credit_note]
    yield from fetch_invoices(reader, invoices)
    for some in _bundles(notes, NOTES_IN_A_CALL):
        condition = " OR ".join(f'CreditNoteID==guid("{xero_id}")' for xero_id in some)
        elements = reader.read_pages("CreditNotes", where=condition)
        yield from (settlement_of_credit_note(element) for element in elements)


def fetch_invoices(reader: XeroReader, xero_ids: Sequence[str]) -> Iterator[Settlement]:
    """Sales invoices and bills, as `fetch_settlements`."""
    for some in _bundles(xero_ids, IDS_IN_A_CALL):
        elements = reader.read_pages("Invoices", IDs=",".join(some))
        yield from (settlement_of_invoice(element) for element in elements)


def _bundles(members: Sequence[Member], size: int) -> Iterator[Sequence[Member]]:
    for start in range(0, len(members), size):
        yield members[start : start + size]
