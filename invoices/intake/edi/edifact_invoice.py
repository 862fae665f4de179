"""
What an INVOIC says, of any directory from D.96A to D.01B: they differ in codes, not in where things stand. Pure.

A segment belongs to the group that was opened last: the head of the message, a party (NAD), a line (LIN), an
allowance or charge (ALC) of the message or of a line, or the summary behind UNS.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from invoices.intake.edi.edi_segments import Segment
from invoices.intake.edi.edifact_words import (
    CANCELLATIONS,
    DOCUMENTS,
    ORIGINAL_FUNCTIONS,
    REFERENCES,
    SUPPLIERS,
    TAX_AMOUNTS,
    TAX_NUMBERS,
    TAXABLE,
    TOTALS,
)
from invoices.intake.edi.freight_message import (
    FreightMessage,
    MessageCharge,
    MessageError,
    Note,
    Party,
    Reference,
    ReferenceKind,
    StatedTotal,
)
from invoices.intake.edi.invoice_lines import OpenCharge, close_charges, is_below_zero
from invoices.intake.edi.invoice_taxes import TaxSummary, tax_totals
from invoices.intake.edi.message_text import plain_text, read_amount, read_day
from invoices.intake.edi.settle_totals import settle_included, spread_tax

LONGEST_NUMBER = 100
LONGEST_NAME = 255
LONGEST_CODE = 50


def read_invoice(segments: Sequence[Segment], *, head: FreightMessage, sender: Party) -> FreightMessage:
    """`segments` without UNH and UNT; `head`: the message as far as it is known. Raises MessageError."""
    reading = InvoiceReading(sender=sender)
    for segment in segments:
        reading.take(segment)
    return reading.message(head)


@dataclass(slots=True)
class InvoiceReading:
    """Gathers one message, segment by segment."""

    sender: Party
    document: str = ""
    function: str = ""
    number: str = ""
    issued: date | None = None
    currency: str = ""
    parties: dict[str, Party] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    opened: list[OpenCharge] = field(default_factory=list)
    totals: list[StatedTotal] = field(default_factory=list)
    taxes: list[TaxSummary] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    line: OpenCharge | None = None
    charge: OpenCharge | None = None
    party: str = ""
    tax: TaxSummary | None = None
    is_summary: bool = False

    def take(self, segment: Segment) -> None:
        read = READERS.get(segment.tag)
        if read is not None:
            read(self, segment)

    def document_name(self, segment: Segment) -> None:
        self.document, self.number = segment.text(1), segment.text(2)
        self.function = segment.text(3)

    def day(self, segment: Segment) -> None:
        if segment.elements and segment.elements[0][0] in {"137", "3"} and self.line is None and self.issued is None:
            segment.text(1)
            self.issued = read_day(segment.text(1, 2))
            segment.text(1, 3)

    def reference(self, segment: Segment) -> None:
        kind = segment.elements[0][0] if segment.elements else ""
        if self.party and kind in TAX_NUMBERS:
            segment.text(1)
            number = plain_text(segment.text(1, 2), longest=LONGEST_CODE)
            self.parties[self.party] = replace(self.parties[self.party], tax_number=number)
        elif kind in REFERENCES and not self.is_summary:
            segment.text(1)
            self.refer(REFERENCES[kind], segment.text(1, 2))

    def equipment(self, segment: Segment) -> None:
        self.refer(ReferenceKind.CONTAINER, segment.text(2) if segment.text(1) == "CN" else "")

    def refer(self, kind: ReferenceKind, value: str) -> None:
        if value:
            owner = self.line.references if self.line else self.references
            owner.append(Reference(kind, plain_text(value, longest=LONGEST_NUMBER)))

    def name_and_address(self, segment: Segment) -> None:
        """Those of a line are not ours to bill or to pay."""
        if self.line is not None:
            return
        self.party = segment.text(1)
        name = segment.text(4) or segment.text(3)
        code = plain_text(segment.text(2), longest=LONGEST_CODE)
        self.parties.setdefault(self.party, Party(code=code, name=plain_text(name, longest=LONGEST_NAME)))

    def currencies(self, segment: Segment) -> None:
        """The currency in which it is invoiced; the first one named where none says that it is."""
        for element in (1, 2):
            usage, currency, kind = (segment.text(element, part) for part in (1, 2, 3))
            if currency and ((usage == "2" and kind in {"4", ""}) or not self.currency):
                self.currency = currency.upper()

    def open_line(self, segment: Segment) -> None:
        segment.text(1)
        self.line = OpenCharge(place=segment.place, is_line=True, codes=[segment.text(3)])
        self.close_groups()
        self.opened.append(self.line)

    def open_allowance(self, segment: Segment) -> None:
        texts = [segment.text(5, part) for part in (4, 5)]
        kind, codes = segment.text(1), [segment.text(5, 1), segment.text(2, 1)]
        self.close_groups()
        if kind not in {"A", "C"}:
            raise MessageError(f"It cannot be told whether “{kind}” is taken off or added ({segment.place}).")
        self.charge = OpenCharge(
            place=segment.place,
            is_line=False,
            is_allowance=kind == "A",
            is_on_line=self.line is not None,
            codes=codes,
            descriptions=[text for text in texts if text],
            references=self.line.references if self.line else [],
        )
        self.opened.append(self.charge)

    def close_groups(self) -> None:
        self.charge, self.party, self.tax = None, "", None

    def item(self, segment: Segment) -> None:
        if self.line is not None and self.charge is None:
            segment.text(1)
            self.line.codes.append(segment.text(2))

    def describe(self, segment: Segment) -> None:
        owner = self.charge or self.line
        if owner is not None:
            segment.text(1)
            segment.text(2)
            owner.codes.append(segment.text(3))
            owner.descriptions += [text for part in (4, 5) if (text := segment.text(3, part))]

    def quantity(self, segment: Segment) -> None:
        if self.line is not None and self.charge is None and segment.text(1) in {"47", "46", "1"}:
            self.line.quantity = read_amount(segment.text(1, 2), segment.place)
            segment.text(1, 3)

    def price(self, segment: Segment) -> None:
        if self.line is not None and self.charge is None and segment.text(1) in {"AAA", "INV", "CAL"}:
            self.line.prices.append(read_amount(segment.text(1, 2), segment.place))

    def tax_details(self, segment: Segment) -> None:
        if not segment.elements or segment.elements[0][0] != "7":
            return
        for element, component in ((1, 1), (2, 1), (3, 1), (6, 1)):
            segment.text(element, component)
        said = segment.text(5, 4)
        rate = read_amount(said, segment.place) if said else None
        owner = self.charge or self.line
        if owner is not None and not self.is_summary:
            owner.tax_rates += [] if rate is None else [rate]
        self.tax = TaxSummary(rate=rate)
        if owner is None or self.is_summary:
            self.taxes.append(self.tax)

    def money(self, segment: Segment) -> None:
        qualifier, said = segment.text(1, 1), segment.text(1, 2)
        if not said:
            return
        owner = None if self.is_summary else self.charge or self.line
        currency = segment.text(1, 3).upper() or self.currency
        amount = read_amount(said, segment.place)
        if owner is None:
            self.total(qualifier, amount, currency, segment)
        elif qualifier in TAX_AMOUNTS:
            owner.tax_amounts.append(amount)
        elif not (qualifier == TAXABLE and self.tax is not None):
            owner.amounts.setdefault(qualifier, {})[currency] = amount

    def total(self, qualifier: str, amount: Decimal, currency: str, segment: Segment) -> None:
        place = f"MOA {qualifier}, segment {segment.position}"
        if currency != self.currency:
            self.notes.append(Note(text=f"The total of {amount:f} {currency} was not compared.", place=place))
        elif qualifier in TAX_AMOUNTS and self.tax is not None:
            self.tax.tax = amount
        elif qualifier == TAXABLE and self.tax is not None:
            self.tax.taxable = amount
        elif qualifier in TOTALS:
            self.totals.append(StatedTotal(kind=TOTALS[qualifier], place=place, amount=amount))
        else:
            self.notes.append(Note(text=f"Not used: {amount:f} {currency}.", place=place))

    def split_sections(self, segment: Segment) -> None:
        segment.pass_over(1)
        self.line, self.is_summary = None, True
        self.close_groups()

    def control(self, segment: Segment) -> None:
        if segment.text(1) == "2":
            said, lines = segment.text(1, 2), sum(1 for one in self.opened if one.is_line)
            if said.isdigit() and int(said[:9]) != lines:
                raise MessageError(f"The message says it has {said[:9]} lines (CNT) but has {lines}. Is it complete?")

    def message(self, head: FreightMessage) -> FreightMessage:
        is_credit = self.checked_document()
        sign = -1 if is_credit else 1
        totals = [
            replace(total, amount=total.amount * sign) for total in (*self.totals, *tax_totals(self.taxes, self.totals))
        ]
        if is_credit and is_below_zero(self.opened, self.currency):
            sign, totals = 1, [replace(total, amount=-abs(total.amount)) for total in totals]
        charges, notes = close_charges(self.opened, currency=self.currency, sign=sign)
        on_lines = {one.place for one in self.opened if one.is_on_line}
        charges, told = settle_included(charges, on_lines, totals)
        charges = spread_tax(charges, self.taxes, totals)
        supplier = self.supplier()
        return replace(
            head,
            key="|".join(
                ("bill", (supplier.code or supplier.name).casefold(), "credit" if is_credit else "", self.number)
            ),
            title=f"{'Credit note' if is_credit else 'Bill'} {self.number} of {supplier}",
            code_owner=supplier.code or supplier.name,
            document_number=plain_text(self.number, longest=LONGEST_NUMBER),
            document_date=self.issued,
            currency=self.currency,
            references=tuple(dict.fromkeys(self.references)),
            charges=tuple(_of_supplier(charge, supplier, self.number) for charge in charges),
            totals=tuple(totals),
            notes=(*self.notes, *notes, *told),
        )

    def checked_document(self) -> bool:
        """Whether it is a credit note. Raises MessageError."""
        if not self.number:
            raise MessageError("The message has no number (BGM), so it could not be known again.")
        if self.function in CANCELLATIONS:
            raise MessageError(f"It takes {self.number} back (function {self.function} in BGM). Do that by hand.")
        if self.document not in DOCUMENTS or self.function not in ORIGINAL_FUNCTIONS:
            told = f"{self.document or 'no kind'}, function {self.function or 'none'}"
            raise MessageError(f"It is no invoice or credit note that can be taken (BGM: {told}).")
        if not self.currency and any("" in amounts for one in self.opened for amounts in one.amounts.values()):
            raise MessageError("The message names no currency (CUX), neither have its amounts one.")
        return DOCUMENTS[self.document]

    def supplier(self) -> Party:
        for role in SUPPLIERS:
            party = self.parties.get(role)
            if party and (party.code or party.name):
                return party
        return self.sender


def _of_supplier(charge: MessageCharge, supplier: Party, number: str) -> MessageCharge:
    return replace(charge, supplier=supplier, supplier_number=plain_text(number, longest=LONGEST_NUMBER))


READERS: dict[str, Callable[[InvoiceReading, Segment], None]] = {
    "BGM": InvoiceReading.document_name,
    "DTM": InvoiceReading.day,
    "RFF": InvoiceReading.reference,
    "EQD": InvoiceReading.equipment,
    "NAD": InvoiceReading.name_and_address,
    "CUX": InvoiceReading.currencies,
    "LIN": InvoiceReading.open_line,
    "ALC": InvoiceReading.open_allowance,
    "PIA": InvoiceReading.item,
    "IMD": InvoiceReading.describe,
    "QTY": InvoiceReading.quantity,
    "PRI": InvoiceReading.price,
    "TAX": InvoiceReading.tax_details,
    "MOA": InvoiceReading.money,
    "UNS": InvoiceReading.split_sections,
    "CNT": InvoiceReading.control,
}
