"""What a UniversalTransaction says: an invoice or credit note that was received (AP) or raised (AR). Pure."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from invoices.intake.edi.cargowise_shipment import CODE_OWNER, job_of, transport_references
from invoices.intake.edi.cargowise_xml import XmlNode
from invoices.intake.edi.freight_message import (
    COST,
    SELL,
    FreightMessage,
    MessageCharge,
    MessageError,
    Note,
    Party,
    Reference,
    ReferenceKind,
    StatedTotal,
    TotalKind,
)
from invoices.intake.edi.message_text import plain_text, read_amount, read_day

LEDGERS = {"AP": COST, "AR": SELL}
# Transaction type → whether it takes off.
TYPES = {"INV": False, "CRD": True}
NAMES = {(COST, False): "Bill", (COST, True): "Credit note", (SELL, False): "Invoice", (SELL, True): "Credit note"}
TOTALS = {
    "OSExGSTVATAmount": TotalKind.NET,
    "OSGSTVATAmount": TotalKind.TAX,
    "OSTotal": TotalKind.GROSS,
}


def read_transaction(transaction: XmlNode) -> FreightMessage | MessageError:
    try:
        return _transaction(transaction)
    except MessageError as error:
        return error


def _transaction(transaction: XmlNode) -> FreightMessage:
    ledger, kind, number = (transaction.read(name) for name in ("Ledger", "TransactionType", "Number"))
    if ledger not in LEDGERS or kind not in TYPES:
        raise MessageError(f"It is no invoice or credit note that can be taken (ledger {ledger}, type {kind}).")
    if transaction.read("IsCancelled").lower() == "true":
        raise MessageError(f"{number} is cancelled. If it came in before, take it off by hand.")
    if not number:
        raise MessageError("The transaction has no number, so it could not be known again.")
    side, is_credit = LEDGERS[ledger], TYPES[kind]
    currency = transaction.read("OSCurrency/Code", "OSCurrency") or transaction.read("LocalCurrency/Code")
    party = _party(transaction)
    charges, notes = _charges(transaction, currency)
    totals = _totals(transaction)
    is_turned = _is_turned(charges, is_credit=is_credit)
    if is_turned:
        charges = [_turned(charge) for charge in charges]
        totals = [replace(total, amount=-total.amount) for total in totals]
    document = plain_text(number, longest=100)
    return FreightMessage(
        number=0,
        form=f"CargoWise UniversalTransaction ({ledger} {kind})",
        key="|".join((f"cargowise {ledger} {kind}", party.code.casefold(), number)),
        title=f"{NAMES[side, is_credit]} {document} {'of' if side == COST else 'to'} {party}",
        segments=(0, 0),
        code_owner=CODE_OWNER,
        document_number=document,
        document_date=read_day(transaction.read("TransactionDate", "PostDate")),
        currency=currency,
        references=_references(transaction),
        charges=tuple(_owned(charge, side, party, document) for charge in charges),
        totals=tuple(totals),
        notes=(*notes, *_told_of_sign(is_credit=is_credit, is_turned=is_turned)),
    )


def _party(transaction: XmlNode) -> Party:
    address = transaction.child("OrganizationAddress")
    if address is None:
        return Party(code=transaction.read("Organization/Key"))
    address.read("AddressType")
    return Party(
        code=address.read("OrganizationCode"),
        name=plain_text(address.read("CompanyName"), longest=255),
        tax_number=address.read("GovRegNum"),
    )


def _references(transaction: XmlNode) -> tuple[Reference, ...]:
    found = [Reference(ReferenceKind.SHIPMENT, key) for key in [_job(transaction)] if key]
    for shipment in transaction.all("ShipmentCollection/Shipment"):
        _, number = job_of(shipment)
        found += [Reference(ReferenceKind.SHIPMENT, number)] if number else []
        found += transport_references(shipment)
    return tuple(dict.fromkeys(found))


def _job(node: XmlNode) -> str:
    node.read("Job/Type")
    return node.read("Job/Key")


def _charges(transaction: XmlNode, currency: str) -> tuple[list[MessageCharge], list[Note]]:
    charges, notes = [], []
    for line in transaction.all("PostingJournalCollection/PostingJournal"):
        charge = _charge(line, currency)
        if charge is None:
            notes.append(Note(text="It has no amount: no charge.", place=line.place))
        else:
            charges.append(charge)
    return charges, notes


def _charge(line: XmlNode, currency: str) -> MessageCharge | None:
    own = line.read("OSCurrency/Code", "OSCurrency") or currency
    local = line.read("LocalCurrency/Code", "LocalCurrency")
    said = {own: line.read("OSAmount")}
    if local and local != own:
        said[local] = line.read("LocalAmount")
    else:
        line.read("LocalAmount")
    amounts = {name: read_amount(text, line.place) for name, text in said.items() if text}
    tax, rate = line.read("OSGSTVATAmount"), line.read("VATTaxID/TaxRate")
    if not any(amounts.values()):
        return None
    job = _job(line)
    return MessageCharge(
        place=line.place,
        code=plain_text(line.read("ChargeCode/Code", "ChargeCode"), longest=30),
        description=plain_text(line.read("Description", "ChargeCode/Description"), longest=500),
        amounts=amounts,
        tax_amount=read_amount(tax, line.place) if tax else None,
        tax_rate=read_amount(rate, line.place) if rate else None,
        tax_code=line.read("VATTaxID/TaxCode"),
        references=(Reference(ReferenceKind.SHIPMENT, job),) if job else (),
    )


def _totals(transaction: XmlNode) -> list[StatedTotal]:
    return [
        StatedTotal(kind=kind, place=name, amount=read_amount(text, name))
        for name, kind in TOTALS.items()
        if (text := transaction.read(name))
    ]


def _is_turned(charges: Sequence[MessageCharge], *, is_credit: bool) -> bool:
    """Ledgers write what is owed with either sign; an invoice charges, a credit note takes off."""
    total = sum((charge.amount for charge in charges), Decimal(0))
    return total > 0 if is_credit else total < 0


def _turned(charge: MessageCharge) -> MessageCharge:
    tax = None if charge.tax_amount is None else -charge.tax_amount
    return replace(charge, amounts={name: -amount for name, amount in charge.amounts.items()}, tax_amount=tax)


def _told_of_sign(*, is_credit: bool, is_turned: bool) -> list[Note]:
    if not is_turned or is_credit:
        return []
    return [Note(text="Its amounts are written below zero, as a ledger does; they were taken as what is charged.")]


def _owned(charge: MessageCharge, side: str, party: Party, number: str) -> MessageCharge:
    if side == COST:
        return replace(charge, side=side, supplier=party, supplier_number=number)
    return replace(charge, side=side, reference=number)
