"""What a UniversalShipment says: a shipment with its references, and the charge lines of its costing. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from invoices.intake.cell_reading import Value
from invoices.intake.column_match import DateOrder, DecimalMark
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
)
from invoices.intake.edi.message_text import plain_text, read_amount, read_day
from invoices.intake.freight_fields import SHIPMENT_FIELDS
from invoices.intake.read_field import ReadingContext, read_field
from invoices.intake.source_table import Cell

CODE_OWNER = "CargoWise"
# DataSource types by which a job is known, and whether it is a warehouse job.
JOBS = {
    "ForwardingShipment": "booking", "CustomsDeclaration": "booking", "ForwardingBooking": "booking",
    "TransportBooking": "booking", "LocalTransport": "booking", "WarehouseOrder": "warehouse",
    "WarehouseReceive": "warehouse",
}  # fmt: skip
MODES = {"SEA": "sea", "AIR": "air", "ROA": "road", "RAI": "rail", "COU": "courier", "FSA": "sea", "FAS": "air"}
DAYS = {"Departure": "etd_date", "Arrival": "eta_date", "Delivery": "delivery_date", "Delivered": "delivery_date"}
CONSIGNEE, CONSIGNOR, CLIENT = "ConsigneeDocumentaryAddress", "ConsignorDocumentaryAddress", "SendersLocalClient"
KILOGRAMS = "KG"
TEXTS = {
    "origin": ("PortOfOrigin/Code", "PortOfLoading/Code"),
    "destination": ("PortOfDestination/Code", "PortOfDischarge/Code"),
    "incoterm": ("ShipmentIncoTerm/Code", "ShipmentIncoTerm"),
    "goods": ("GoodsDescription",),
    "branch": ("JobCosting/Branch/Code", "Branch/Code"),
    "department": ("JobCosting/Department/Code", "Department/Code"),
}
SIDES = {COST: "Cost", SELL: "Sell"}


def shipments_within(outer: XmlNode) -> list[XmlNode]:
    """Of a consol; empty where it is a shipment itself."""
    return outer.all("SubShipmentCollection/SubShipment")


def costing_of(shipment: XmlNode) -> list[XmlNode]:
    lines = shipment.all("JobCosting/ChargeLineCollection/ChargeLine")
    return [*lines, *shipment.all("ConsolCosts/ConsolCostLineCollection/ConsolCostLine")]


def read_shipment(shipment: XmlNode) -> FreightMessage | MessageError:
    try:
        return _shipment(shipment)
    except MessageError as error:
        return error


def job_of(node: XmlNode) -> tuple[str, str]:
    """Its type and its number, both empty where it names none that is known."""
    for path in ("DataContext/DataSourceCollection/DataSource", "DataContext/DataTargetCollection/DataTarget"):
        for source in node.all(path):
            kind, key = source.read("Type"), source.read("Key")
            if kind in JOBS and key:
                return kind, key
    return "", ""


def transport_references(shipment: XmlNode) -> list[Reference]:
    """Its waybills, its booking and its containers."""
    is_air = shipment.read("TransportMode/Code", "TransportMode") == "AIR"
    kind = ReferenceKind.AWB if is_air else ReferenceKind.BL
    shipment.read("WayBillType/Code")
    found = [Reference(kind, number) for number in [shipment.read("WayBillNumber")] if number]
    booking = shipment.read("BookingConfirmationReference")
    found += [Reference(ReferenceKind.BOOKING, booking)] if booking else []
    containers = [one.read("ContainerNumber") for one in shipment.all("ContainerCollection/Container")]
    return [*found, *(Reference(ReferenceKind.CONTAINER, number) for number in containers if number)]


def _shipment(shipment: XmlNode) -> FreightMessage:
    kind, number = job_of(shipment)
    if not number:
        raise MessageError("The shipment has no number (DataSource of a kind of job that is known).")
    parties = _parties(shipment)
    charges, notes = _charges(shipment, parties)
    debtors = list(dict.fromkeys(one.supplier.code for one in charges if one.side == SELL and one.supplier.code))
    fields, told = _fields(shipment, number, JOBS[kind], parties, debtors, charges)
    charges, of_others = _of_one_debtor(charges, debtors)
    return FreightMessage(
        number=0,
        form=f"CargoWise UniversalShipment ({kind})",
        key=f"cargowise shipment|{number}",
        title=f"Shipment {number}",
        segments=(0, 0),
        code_owner=CODE_OWNER,
        document_number=number,
        references=(Reference(ReferenceKind.SHIPMENT, number),),
        charges=tuple(charges),
        notes=(*told, *notes, *of_others),
        fields=fields,
        is_whole=False,
    )


def _parties(shipment: XmlNode) -> dict[str, Party]:
    """By the type of their address, and by their code."""
    found: dict[str, Party] = {}
    for address in shipment.all("OrganizationAddressCollection/OrganizationAddress"):
        kind, code = address.read("AddressType"), address.read("OrganizationCode")
        if code:
            party = Party(code=code, name=plain_text(address.read("CompanyName"), longest=255))
            found.setdefault(kind, party)
            found.setdefault(code, party)
    return found


def _fields(
    shipment: XmlNode,
    number: str,
    job_type: str,
    parties: Mapping[str, Party],
    debtors: list[str],
    charges: Iterable[MessageCharge],
) -> tuple[dict[str, Value], list[Note]]:
    cells: dict[str, Cell] = {name: shipment.read(*paths) for name, paths in TEXTS.items()}
    cells |= {"number": number, "job_type": job_type, **_days(shipment), **_amounts(shipment, charges)}
    cells["mode"] = MODES.get(shipment.read("TransportMode/Code", "TransportMode"), "")
    billed = debtors[0] if debtors else parties.get(CLIENT, Party()).code
    for field, code in {"customer": billed, "consignee": parties.get(CONSIGNEE, Party()).code}.items():
        cells |= {f"{field}_code": code, f"{field}_name": parties.get(code, Party()).name}
    cells["shipper_name"] = parties.get(CONSIGNOR, Party()).name
    cells |= _references(shipment)
    return _typed(cells)


def _typed(cells: Mapping[str, Cell]) -> tuple[dict[str, Value], list[Note]]:
    """By the same rules as the cells of a table."""
    currency = str(cells.get("currency", ""))
    context = ReadingContext(date_order=DateOrder.UNKNOWN, decimal_mark=DecimalMark.POINT, currency=currency)
    fields: dict[str, Value] = {}
    notes = []
    for name, cell in cells.items():
        reading = read_field(SHIPMENT_FIELDS[name], cell, context)
        if reading.value is not None:
            fields[name] = reading.value
        if reading.note:
            notes.append(Note(text=reading.note, place=SHIPMENT_FIELDS[name].title, is_error=reading.is_error))
    return fields, notes


def _days(shipment: XmlNode) -> dict[str, date]:
    found: dict[str, date] = {}
    for one in shipment.all("DateCollection/Date"):
        name, day = DAYS.get(one.read("Type")), read_day(one.read("Value"))
        if name and day:
            found.setdefault(name, day)
    legs = shipment.all("TransportLegCollection/TransportLeg")
    if legs:
        ends = {"etd_date": legs[0].read("EstimatedDeparture"), "eta_date": legs[-1].read("EstimatedArrival")}
        for name, text in ends.items():
            day = read_day(text)
            if day:
                found.setdefault(name, day)
    return found


def _amounts(shipment: XmlNode, charges: Iterable[MessageCharge]) -> dict[str, Cell]:
    """Weight in kilograms, the value of the goods where it is in the shipment's currency, and that currency."""
    currency = currency_of(charges) or shipment.read("JobCosting/Currency/Code")
    found: dict[str, Cell] = {"currency": currency}
    weight = shipment.read("TotalWeight")
    if weight and shipment.read("TotalWeightUnit/Code") in {"", KILOGRAMS}:
        found["weight_kg"] = read_amount(weight, "TotalWeight")
    value, unit = shipment.read("GoodsValue"), shipment.read("GoodsValueCurrency/Code")
    if value and read_amount(value, "GoodsValue") and unit in {"", currency}:
        found["declared_value"] = read_amount(value, "GoodsValue")
    return found


def currency_of(charges: Iterable[MessageCharge]) -> str:
    """The one in which every charge has an amount, its own before the company's; empty where there is none."""
    known = [list(charge.amounts) for charge in charges]
    shared = [name for name in known[0] if all(name in names for names in known)] if known else []
    return shared[0] if shared else ""


def _references(shipment: XmlNode) -> dict[str, str]:
    kinds = {ReferenceKind.BL: "bl", ReferenceKind.AWB: "awb", ReferenceKind.CONTAINER: "container"}
    found: dict[str, list[str]] = {}
    for reference in transport_references(shipment):
        found.setdefault(kinds.get(reference.kind, "quote"), []).append(reference.value)
    found.pop("quote", None)
    orders = shipment.all("LocalProcessing/OrderNumberCollection/OrderNumber")
    found["po"] = [text for one in orders if (text := one.read("OrderReference"))]
    return {name: ", ".join(values) for name, values in found.items()}


def _charges(shipment: XmlNode, parties: Mapping[str, Party]) -> tuple[list[MessageCharge], list[Note]]:
    local = shipment.read("JobCosting/Currency/Code")
    charges, notes = [], []
    for line in shipment.all("JobCosting/ChargeLineCollection/ChargeLine"):
        found = [one for side in SIDES if (one := _charge(line, side, local, parties)) is not None]
        charges += found
        if not found:
            notes.append(Note(text="Neither its cost nor its sell side has an amount: no charge.", place=line.place))
    return charges, notes


def _charge(line: XmlNode, side: str, local: str, parties: Mapping[str, Party]) -> MessageCharge | None:
    """`local`: the currency of the company, in which each line has a second amount."""
    prefix = SIDES[side]
    party = line.read("Creditor/Key" if side == COST else "Debtor/Key")
    own = line.read(f"{prefix}OSCurrency/Code", f"{prefix}OSCurrency") or local
    said = [(own, line.read(f"{prefix}OSAmount")), (local, line.read(f"{prefix}LocalAmount"))]
    amounts: dict[str, Decimal] = {}
    for name, text in said:
        if text:
            amounts.setdefault(name, read_amount(text, line.place))
    tax = line.read(f"{prefix}OSGSTVATAmount")
    billed = line.read("CostAPInvoiceNumber", "SupplierReference") if side == COST else ""
    posted = line.read("SellPostedTransactionNumber") if side == SELL else ""
    tax_code = line.read(f"{prefix}GSTVATID/TaxCode")
    code, description = line.read("ChargeCode/Code", "ChargeCode"), line.read("Description", "ChargeCode/Description")
    if not any(amounts.values()):
        return None
    return MessageCharge(
        place=line.place,
        code=plain_text(code, longest=30),
        description=plain_text(description, longest=500),
        amounts={name: amount for name, amount in amounts.items() if amount},
        side=side,
        tax_amount=read_amount(tax, line.place) if tax and read_amount(tax, line.place) else None,
        tax_code=tax_code,
        supplier=parties.get(party, Party(code=party)) if party else Party(),
        supplier_number=plain_text(billed, longest=100),
        reference=plain_text(posted, longest=255),
    )


def _of_one_debtor(charges: Iterable[MessageCharge], debtors: list[str]) -> tuple[list[MessageCharge], list[Note]]:
    """A shipment bills one customer. What others are billed for is told, and not taken."""
    kept, notes = [], []
    for charge in charges:
        if charge.side == COST:
            kept.append(charge)
        elif charge.supplier.code in {"", *debtors[:1]}:
            kept.append(replace(charge, supplier=Party()))
        else:
            text = f"It is billed to {charge.supplier.code}, the shipment to {debtors[0]}: the charge was not taken."
            notes.append(Note(text=text, place=charge.place, is_error=True))
    return kept, notes
