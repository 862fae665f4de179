"""
Turns messages into the rows that uploads are planned with, so that one writer does the rest. Pure.

A row is what one message says of one shipment. Bills come in whole or not at all: a part of one would be paid as if
it were all of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from itertools import chain

from invoices.intake.cell_reading import Value
from invoices.intake.edi.freight_message import (
    COST,
    FreightMessage,
    MessageCharge,
    MessageFile,
    Note,
    Reference,
)
from invoices.intake.edi.match_references import Match, ReferenceIndex, ShipmentNames, declared_shipment, find_shipment
from invoices.intake.edi.message_codes import KnownCodes, our_charge_code, our_supplier, our_tax_code
from invoices.intake.edi.settle_totals import differences
from invoices.intake.freight_fields import CHARGE_FIELDS
from invoices.intake.parsed_rows import ParsedCharge, ParsedRow, Remark

KEY_DIGITS = 24
# Keys of a message that an earlier version of it may have left behind its last part.
SPARE_KEYS = 5
PRICE_PLACES = Decimal("0.0001")
LARGEST = Decimal(10) ** 12
NOT_THEN = "It could not be taken when the import began. Upload the file again."
WHOLE = "Another part of it cannot be taken (row {row}), so nothing of it is: it would be paid as if it were all."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a message says of whatever its `references` name. `row`: 1 for the first part of the file."""

    row: int
    message: FreightMessage
    references: tuple[Reference, ...]
    charges: tuple[MessageCharge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKnowledge:
    """
    `shipments`: those that the messages may mean. `pinned`: row → shipment number, of an import under way.

    `rows`: keys of rows that came before → the shipment they stand on.
    """

    shipments: tuple[ShipmentNames, ...] = ()
    codes: KnownCodes = field(default_factory=KnownCodes)
    pinned: Mapping[int, str] | None = None
    rows: Mapping[str, str] = field(default_factory=dict)


def parts_of(file: MessageFile) -> list[Part]:
    """In the order of the file; a message without charges is one part too."""
    found: list[Part] = []
    for message in file.messages:
        groups: dict[tuple[Reference, ...], list[MessageCharge]] = {}
        for charge in message.charges:
            groups.setdefault(charge.references or message.references, []).append(charge)
        for references, charges in (groups or {message.references: []}).items():
            row = len(found) + 1
            found.append(Part(row=row, message=message, references=references, charges=tuple(charges)))
    return found


def keys_of(parts: Iterable[Part]) -> list[str]:
    """Of all rows that these parts, or earlier versions of their messages, may have left."""
    counts = Counter(part.message.key for part in parts)
    return [f"{_digest(key)}/{number}" for key, count in counts.items() for number in range(1, count + SPARE_KEYS + 1)]


def plan_messages(parts: Sequence[Part], known: MessageKnowledge) -> list[ParsedRow]:
    """One row for each part."""
    declared = [declared_shipment(part.message.fields) for part in parts if "number" in part.message.fields]
    shipments = {one.number: one for one in (*declared, *known.shipments)}
    planner = MessagePlanner(known=known, index=ReferenceIndex.of(shipments.values()), shipments=shipments)
    by_message: dict[int, list[Part]] = {}
    for part in parts:
        by_message.setdefault(part.message.number, []).append(part)
    return list(chain.from_iterable(planner.plan(members) for members in by_message.values()))


@dataclass(slots=True)
class MessagePlanner:
    """One message after the other. `first`: the number of the first message with a key."""

    known: MessageKnowledge
    index: ReferenceIndex
    shipments: Mapping[str, ShipmentNames]
    first: dict[str, int] = field(default_factory=dict)

    def plan(self, parts: Sequence[Part]) -> list[ParsedRow]:
        """Of one message."""
        message = parts[0].message
        refusal = self.refusal(message)
        if refusal:
            return [_refused(part, refusal, with_notes=part is parts[0]) for part in parts]
        keys = KeyGiver.of(parts, self.known.rows)
        rows = [self.as_begun(self.row(part, keys, with_notes=part is parts[0]), part) for part in parts]
        stranded = keys.stranded(row.shipment_number for row in rows if row.refusal is None)
        if stranded:
            text = f"It came in before for {stranded}, and no longer names it. Take it off there first."
            return [_refused(part, text, with_notes=part is parts[0]) for part in parts]
        refused = next((row.number for row in rows if row.refusal), None)
        if not message.is_whole or refused is None:
            return rows
        left_out = _remark(message, Note(text=WHOLE.format(row=refused), is_error=True))
        return [row if row.refusal else row._replace(refusal=left_out) for row in rows]

    def as_begun(self, row: ParsedRow, part: Part) -> ParsedRow:
        """What an import refused when it began stays refused in it: rows must not move while it counts them."""
        if self.known.pinned is None or row.refusal or self.known.pinned.get(row.number):
            return row
        return row._replace(refusal=_remark(part.message, Note(text=NOT_THEN, is_error=True)))

    def refusal(self, message: FreightMessage) -> str:
        if message.refusal:
            return message.refusal
        earlier = self.first.setdefault(message.key, message.number)
        if earlier != message.number:
            return f"Message {earlier} of this file is the same one already."
        if message.is_whole and not message.charges:
            return "It has no charge, so there is nothing to take."
        different = differences(message.charges, message.totals) if message.is_whole else []
        return " ".join(f"{note.text} ({note.place})" for note in different)

    def row(self, part: Part, keys: "KeyGiver", *, with_notes: bool) -> ParsedRow:
        match = self.match(part)
        if match.shipment is None:
            return _refused(part, match.problem, with_notes=with_notes)
        shipment = match.shipment
        problems: list[Note] = []
        currency = _currency(part, shipment)
        charges = [self.charge(charge, part, currency, problems) for charge in part.charges]
        missing = [charge for charge in charges if charge is None]
        if missing and part.message.is_whole:
            return _refused(part, _untaken(problems), with_notes=with_notes)
        told = [_found(match)] if match.by else []
        told += [Note(text=match.remark, is_warning=True)] if match.remark else []
        fields: dict[str, Value] = dict(part.message.fields)
        fields |= {"number": shipment.number, "row_key": keys.give(shipment.number)}
        if currency and (part.message.fields or not shipment.currency):
            fields["currency"] = currency
        if any("" in charge.amounts for charge in part.charges):
            told.append(Note(text=f"The message names no currency; it was taken as {currency}.", is_warning=True))
        return ParsedRow(
            number=part.row,
            fields=fields,
            charges=tuple(charge for charge in charges if charge is not None),
            remarks=_remarks(part, [*told, *problems], with_notes=with_notes),
        )

    def match(self, part: Part) -> Match:
        """An import under way goes on with the shipment that it began with."""
        own = str(part.message.fields.get("number", ""))
        if own:
            return Match(shipment=self.shipments.get(own) or ShipmentNames(number=own, currency="", names={}))
        found = find_shipment(part.references, self.index)
        pinned = self.shipments.get(self.known.pinned.get(part.row, "")) if self.known.pinned else None
        is_found = found.shipment is not None and (pinned is None or found.shipment.number == pinned.number)
        return found if is_found or pinned is None else Match(shipment=pinned)

    def charge(self, charge: MessageCharge, part: Part, currency: str, problems: list[Note]) -> ParsedCharge | None:
        amount = charge.amounts.get(currency, charge.amounts.get(""))
        if amount is None:
            named = " or ".join(charge.amounts)
            text = f"{charge.description or charge.code} is in {named}, the shipment in {currency}: it was not taken."
            problems.append(Note(text=text, place=charge.place, is_error=True))
            return None
        if abs(amount) >= LARGEST or amount != amount.quantize(PRICE_PLACES):
            text = f"{amount:f} is too large or too fine an amount."
            problems.append(Note(text=text, place=charge.place, is_error=True))
            return None
        message = f"Message {part.message.number}"
        place = f"{message}, {charge.place}"
        return ParsedCharge(
            values=self.values(charge, part.message, amount, problems),
            columns=dict.fromkeys(CHARGE_FIELDS, place) | {"supplier_code": message},
            key=f"{charge.side}:{charge.code[:30]}",
        )

    def values(
        self, charge: MessageCharge, message: FreightMessage, amount: Decimal, problems: list[Note]
    ) -> dict[str, Value]:
        codes = self.known.codes
        code = our_charge_code(message.code_owner, charge.code, codes)
        if not code:
            owner = f" of {message.code_owner}" if message.code_owner else ""
            words = f" ({charge.description})" if charge.description else ""
            text = f"Charge code {charge.code}{words}{owner} is not known. Match it, then check again."
            problems.append(Note(text=text, place=charge.place, is_error=True))
        tax, problem = our_tax_code(charge, code, codes)
        problems += [problem] if problem else []
        supplier = our_supplier(charge.supplier, codes)
        values: dict[str, Value] = {
            "charge_code": code,
            "description": charge.description,
            "quantity": Decimal(1),
            "unit_price": amount,
            "tax_code": tax,
            "side": charge.side,
            "reference": charge.reference,
            "supplier_code": supplier.code,
            "supplier_name": supplier.name if supplier.code else "",
            "supplier_number": charge.supplier_number,
        }
        if charge.side == COST and supplier.name and not supplier.code:
            text = f"Nobody is known as {supplier.name}, and the message has no code. Add the supplier."
            problems.append(Note(text=text, place=charge.place, is_error=True))
        return {name: value for name, value in values.items() if value != ""}


@dataclass(slots=True)
class KeyGiver:
    """Keys of a message's rows: those that its shipments had before, else free ones."""

    digest: str
    before: dict[str, list[str]]
    taken: set[str]
    given: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, parts: Sequence[Part], rows: Mapping[str, str]) -> "KeyGiver":
        digest = _digest(parts[0].message.key)
        before: dict[str, list[str]] = {}
        for key in sorted(key for key in rows if key.startswith(f"{digest}/")):
            before.setdefault(rows[key], []).append(key)
        return cls(digest, before, {key for keys in before.values() for key in keys})

    def give(self, number: str) -> str:
        own = [key for key in self.before.get(number, []) if key not in self.given]
        key = own[0] if own else self.free()
        self.given.add(key)
        return key

    def free(self) -> str:
        number = 1
        while f"{self.digest}/{number}" in self.taken | self.given:
            number += 1
        return f"{self.digest}/{number}"

    def stranded(self, numbers: Iterable[str]) -> str:
        """A shipment on which this message stands and which it names no longer; empty where there is none."""
        return next(iter(sorted(self.before.keys() - set(numbers))), "")


def _currency(part: Part, shipment: ShipmentNames) -> str:
    """The shipment's; one that has none takes the first in which all of the part can be had."""
    own = str(part.message.fields.get("currency", ""))
    first = part.charges[0].amounts if part.charges else {}
    shared = [name for name in first if all(name in charge.amounts for charge in part.charges)]
    return shipment.currency or own or next(iter(shared), "")


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:KEY_DIGITS]


def _refused(part: Part, text: str, *, with_notes: bool) -> ParsedRow:
    refusal = _remark(part.message, Note(text=text, is_error=True))
    return ParsedRow(number=part.row, refusal=refusal, remarks=_remarks(part, [], with_notes=with_notes))


def _remarks(part: Part, told: Iterable[Note], *, with_notes: bool) -> tuple[Remark, ...]:
    """What concerns the whole message stands on its first row."""
    notes = part.message.notes if with_notes else ()
    return tuple(_remark(part.message, note) for note in (_headline(part), *told, *notes))


def _headline(part: Part) -> Note:
    message = part.message
    total = sum((charge.amount for charge in part.charges), Decimal(0))
    amount = f"{total:,.2f} {message.currency}".strip() if part.charges and message.is_whole else ""
    day = f"{message.document_date:%-d %B %Y}" if message.document_date else ""
    return Note(text=f"{', '.join(filter(None, [message.title, day, amount]))}. {message.form}")


def _found(match: Match) -> Note:
    return Note(text=f"Found by {match.by}.")


def _untaken(problems: Sequence[Note]) -> str:
    return " ".join(note.text for note in problems if note.is_error)


def _remark(message: FreightMessage, note: Note) -> Remark:
    column = f"Message {message.number}" + (f", {note.place}" if note.place else "")
    return Remark(column=column, value="", text=note.text, is_error=note.is_error, is_warning=note.is_warning)
