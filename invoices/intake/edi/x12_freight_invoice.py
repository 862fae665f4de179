"""What a 210, the freight invoice of a motor carrier, says: one bill for one shipment in most cases. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from invoices.intake.edi.edi_segments import Segment
from invoices.intake.edi.freight_message import (
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
from invoices.intake.edi.message_text import plain_text, read_cents, read_day

# N9, reference identification qualifier.
REFERENCES = {
    "SI": ReferenceKind.SHIPMENT, "FN": ReferenceKind.SHIPMENT, "LO": ReferenceKind.SHIPMENT,
    "BN": ReferenceKind.BOOKING,
    "BM": ReferenceKind.BL, "MB": ReferenceKind.BL, "HB": ReferenceKind.BL,
    "AW": ReferenceKind.AWB, "HW": ReferenceKind.AWB, "MA": ReferenceKind.AWB,
    "CN": ReferenceKind.PRO, "2I": ReferenceKind.PRO,
    "OC": ReferenceKind.CONTAINER, "EQ": ReferenceKind.CONTAINER,
    "PO": ReferenceKind.ORDER, "CR": ReferenceKind.ORDER, "OQ": ReferenceKind.ORDER,
}  # fmt: skip
# B3, correction indicator: the bill as it is, or the whole of it anew. The others add to it or take it back.
WHOLE_BILLS = frozenset({"", "CO"})
CARRIERS = ("CA", "RE", "SU")
# The linehaul has no special charge code.
LINEHAUL = "FREIGHT"
ADVANCES = "ADVANCE"
LONGEST = {"number": 100, "name": 255, "code": 50, "description": 500}


def read_freight_invoice(segments: Sequence[Segment], *, head: FreightMessage, sender: str) -> FreightMessage:
    """`segments` without ST and SE; `head`: the message as far as it is known. Raises MessageError."""
    reading = FreightInvoiceReading(sender=sender)
    for segment in segments:
        read = READERS.get(segment.tag)
        if read is not None:
            read(reading, segment)
    return reading.message(head)


@dataclass(slots=True)
class FreightInvoiceReading:
    """Gathers one message, segment by segment."""

    sender: str
    number: str = ""
    correction: str = ""
    issued: date | None = None
    carrier: str = ""
    currency: str = ""
    parties: dict[str, Party] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    charges: list[MessageCharge] = field(default_factory=list)
    totals: list[StatedTotal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    description: str = ""

    def beginning(self, segment: Segment) -> None:
        self.number = plain_text(segment.text(2), longest=LONGEST["number"])
        self.refer(ReferenceKind.SHIPMENT, segment.text(3))
        self.issued = read_day(segment.text(6))
        self.correction, self.carrier = segment.text(8), segment.text(11)
        if segment.text(7):
            self.total(segment.text(7), f"B3 element 7, segment {segment.position}", segment)

    def money_of(self, segment: Segment) -> None:
        self.currency = segment.text(1).upper()

    def reference(self, segment: Segment) -> None:
        kind = segment.elements[0][0].strip() if segment.elements else ""
        if kind in REFERENCES:
            segment.text(1)
            self.refer(REFERENCES[kind], segment.text(2))

    def equipment(self, segment: Segment) -> None:
        self.refer(ReferenceKind.CONTAINER, segment.text(1) + segment.text(2))

    def refer(self, kind: ReferenceKind, value: str) -> None:
        if value:
            self.references.append(Reference(kind, plain_text(value, longest=LONGEST["number"])))

    def party(self, segment: Segment) -> None:
        role, name = segment.text(1), plain_text(segment.text(2), longest=LONGEST["name"])
        segment.text(3)
        self.parties.setdefault(role, Party(code=segment.text(4)[: LONGEST["code"]], name=name))

    def line(self, segment: Segment) -> None:
        segment.pass_over(1)
        self.description = ""

    def describe(self, segment: Segment) -> None:
        segment.text(1)
        self.description = self.description or segment.text(2)

    def rates(self, segment: Segment) -> None:
        """Its advances are a charge too; what was paid at the origin is named, and the total tells of it."""
        for element in (1, 2, 3):
            segment.text(element)
        code, words = segment.text(8), segment.text(12)
        if segment.text(4):
            self.charge(segment.text(4), code or LINEHAUL, words or ("" if code else self.description), segment)
        if segment.text(5):
            self.charge(segment.text(5), ADVANCES, words or "Advances", segment, part=" (advances)")
        if not segment.text(4) and not segment.text(5):
            self.notes.append(Note(text="It names no amount, so it is no charge.", place=segment.place))

    def charge(self, said: str, code: str, description: str, segment: Segment, *, part: str = "") -> None:
        amount = read_cents(said, segment.place)
        if amount == 0:
            self.notes.append(Note(text="The amount is 0: no charge.", place=segment.place))
            return
        self.charges.append(
            MessageCharge(
                place=segment.place + part,
                code=plain_text(code, longest=30),
                description=plain_text(description, longest=LONGEST["description"]),
                amounts={"": amount},
            )
        )

    def sums(self, segment: Segment) -> None:
        if segment.text(5):
            advances = read_cents(segment.text(6), segment.place) if segment.text(6) else Decimal(0)
            self.total(segment.text(5), f"L3 element 5, segment {segment.position}", segment, plus=advances)

    def total(self, said: str, place: str, segment: Segment, *, plus: Decimal = Decimal(0)) -> None:
        amount = read_cents(said, segment.place) + plus
        self.totals.append(StatedTotal(kind=TotalKind.GROSS, place=place, amount=amount))

    def message(self, head: FreightMessage) -> FreightMessage:
        if not self.number:
            raise MessageError("The message has no invoice number (B3), so it could not be known again.")
        if self.correction not in WHOLE_BILLS:
            raise MessageError(
                f"It corrects {self.number} in a way that has to be done by hand (B3: {self.correction})."
            )
        supplier = self.supplier()
        charges = [
            replace(
                charge,
                amounts={self.currency: charge.amount},
                supplier=supplier,
                supplier_number=self.number,
            )
            for charge in self.charges
        ]
        return replace(
            head,
            key="|".join(("bill", (supplier.code or supplier.name).casefold(), "", self.number)),
            title=f"Bill {self.number} of {supplier}",
            code_owner=supplier.code or supplier.name,
            document_number=self.number,
            document_date=self.issued,
            currency=self.currency,
            references=tuple(dict.fromkeys((*self.references, Reference(ReferenceKind.PRO, self.number)))),
            charges=tuple(charges),
            totals=tuple(self.totals),
            notes=tuple(self.notes),
        )

    def supplier(self) -> Party:
        named = next((self.parties[role] for role in CARRIERS if role in self.parties), Party())
        code = self.carrier or named.code or ("" if named.name else self.sender)
        return Party(code=plain_text(code, longest=LONGEST["code"]), name=named.name)


READERS: dict[str, Callable[[FreightInvoiceReading, Segment], None]] = {
    "B3": FreightInvoiceReading.beginning,
    "C3": FreightInvoiceReading.money_of,
    "N9": FreightInvoiceReading.reference,
    "N7": FreightInvoiceReading.equipment,
    "N1": FreightInvoiceReading.party,
    "LX": FreightInvoiceReading.line,
    "L5": FreightInvoiceReading.describe,
    "L1": FreightInvoiceReading.rates,
    "L3": FreightInvoiceReading.sums,
}
