"""
Creates items in Xero, where a company wants that (F25): looked up first by code, so that none is made twice.

Xero keeps codes unique and refuses a second one with PUT, so repeating after a lost answer is harmless: the look-up
finds what the lost call made (developer.xero.com/documentation/api/accounting/items).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.connection.read_from_xero import XeroReader
from integrations.job_states import LogResult
from integrations.lanes.claim_lane import held_scope
from integrations.mapping.document_identity import idempotency_key
from integrations.mapping.documents import MappedItem
from integrations.models import XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.reference_data.record_readers import item as item_record
from integrations.reference_data.store_records import store_records, store_whole_list
from integrations.xero_gateway.gateway import create_items as create_items_request
from integrations.xero_gateway.sdk import freeze_items

MOST_A_CALL = 50


def create_items(reader: XeroReader, wanted: Sequence[MappedItem], *, by: str) -> None:
    """Outside any scope, for the holder of the lane. Raises ReadPostponedError, LaneLostError."""
    there = reader.read("Items")
    with held_scope(reader.held):
        connection = XeroConnection.objects.get(pk=reader.held.connection_id)
        store_whole_list(connection, ReferenceKind.ITEM, (one for element in there for one in item_record(element)))
    codes = {element["Code"] for element in there}
    missing = [one for one in wanted if one.code not in codes]
    for start in range(0, len(missing), MOST_A_CALL):
        chunk = missing[start : start + MOST_A_CALL]
        key = idempotency_key(
            identities=[str(connection.organisation_id), *(one.code for one in chunk)], phase="items", generation=1
        )
        made = reader.write(create_items_request(body=freeze_items(chunk), idempotency_key=key), "Items")
        _remember(reader, made, by=by)


def _remember(reader: XeroReader, answered: Iterable[Any], *, by: str) -> None:
    with held_scope(reader.held) as now:
        connection = XeroConnection.objects.get(pk=reader.held.connection_id)
        elements = list(answered)
        made = [element for element in elements if not element.get("ValidationErrors")]
        store_records(connection, ReferenceKind.ITEM, (one for element in made for one in item_record(element)))
        write_entries(
            connection_entry(connection, result=result, event="items", text=text, now=now, actor=by)
            for result, text in _told(elements, made)
        )


def _told(elements: list[Any], made: list[Any]) -> Iterable[tuple[LogResult, str]]:
    if made:
        codes = ", ".join(element["Code"] for element in made)
        yield LogResult.DONE, f"Created in Xero as items: {codes}."
    for element in elements:
        errors = " ".join(error["Message"] for error in element.get("ValidationErrors") or ())
        if errors:
            yield LogResult.FAILED, f"Xero did not create the item {element.get('Code', '')}: {errors}"
