"""
Reads CargoWise's Universal XML: shipments and transactions, alone, in a batch or in an interchange.

The names of its elements are those of the schemas of 2011/11 under http://www.cargowise.com/Schemas/Universal/.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from invoices.intake.edi.cargowise_shipment import costing_of, read_shipment, shipments_within
from invoices.intake.edi.cargowise_transaction import read_transaction
from invoices.intake.edi.cargowise_xml import XmlNode, name_unread, parse_xml
from invoices.intake.edi.edi_segments import MOST_MESSAGES
from invoices.intake.edi.freight_message import FreightMessage, MessageError, MessageFile
from invoices.intake.source_table import UnreadableFileError

FORM = "CargoWise"
# The root, behind a declaration and comments.
BEGINNING = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:[\w.-]+:)?(Universal(?:Interchange|Shipment|Transaction)\w*)\b",
    re.DOTALL,
)
# Where documents stand within the roots that hold them.
BODIES = {"UniversalInterchange": "Body", "UniversalInterchangeBatch": "Body"}
TRANSACTIONS = {"UniversalTransaction": "TransactionInfo", "UniversalTransactionBatch": "TransactionBatch"}
SHIPMENT = "UniversalShipment"
INTERCHANGE_FIELDS = ("Header/SenderID", "Header/RecipientID")


def is_cargowise(start: str) -> bool:
    """By the first characters of a file."""
    return BEGINNING.match(start) is not None


def read_cargowise(content: bytes) -> MessageFile:
    """Raises UnreadableFileError where the whole file cannot be read; what is wrong with one message stands in it."""
    root = parse_xml(content)
    messages: list[FreightMessage] = []
    for document in _documents(root):
        for message in _messages(document):
            if len(messages) == MOST_MESSAGES:
                raise UnreadableFileError(f"The file has more than {MOST_MESSAGES:,} messages. Split it into several.")
            messages.append(replace(message, number=len(messages) + 1))
    if not messages:
        raise UnreadableFileError(f"The XML ({root.name}) holds neither a shipment nor a transaction.")
    root.read(*INTERCHANGE_FIELDS)
    outside = name_unread(root, but=frozenset({"Body"})) if root.name in BODIES else ()
    return MessageFile(form=f"{FORM} XML", messages=tuple(messages), notes=outside)


def _documents(root: XmlNode) -> Iterator[XmlNode]:
    """Interchanges hold several, each in an interchange's body."""
    if root.name not in BODIES:
        yield root
        return
    for body in root.all(BODIES[root.name]):
        for document in body.children:
            yield from _documents(document)


def _messages(document: XmlNode) -> Iterator[FreightMessage]:
    if document.name == SHIPMENT:
        for outer in document.all("Shipment"):
            yield from _shipment_messages(outer)
    elif document.name in TRANSACTIONS:
        holders = document.all(TRANSACTIONS[document.name])
        inner = [one for holder in holders for one in holder.all("TransactionCollection/Transaction")]
        for transaction in inner or holders:
            yield _guarded(transaction, read_transaction(transaction), name_in=transaction)
    elif not document.name.startswith("@"):
        yield replace(
            _unread(document), refusal=f"{document.name} is neither a shipment nor a transaction, so it is not read."
        )


def _shipment_messages(outer: XmlNode) -> Iterator[FreightMessage]:
    """A consol holds shipments; what is said of it alone belongs to none of them."""
    inner = shipments_within(outer)
    if not inner:
        yield _guarded(outer, read_shipment(outer), name_in=outer)
        return
    for shipment in inner:
        yield _guarded(shipment, read_shipment(shipment), name_in=shipment)
    notes = name_unread(outer, but=frozenset({"SubShipmentCollection"}))
    costs = costing_of(outer)
    refusal = "The costs of a consol are not split over its shipments, so they are not taken." if costs else ""
    if costs or notes:
        yield replace(_unread(outer), title="Consol", notes=notes, refusal=refusal or "A consol is no shipment.")


def _guarded(node: XmlNode, found: FreightMessage | MessageError, *, name_in: XmlNode) -> FreightMessage:
    if isinstance(found, MessageError):
        return replace(_unread(node), refusal=str(found))
    return replace(found, segments=(node.line, node.line), notes=(*found.notes, *name_unread(name_in)))


def _unread(node: XmlNode) -> FreightMessage:
    return FreightMessage(
        number=0,
        form=f"{FORM} {node.name}",
        key=f"{FORM}|{node.name}|{node.line}",
        title=node.place,
        segments=(node.line, node.line),
    )
