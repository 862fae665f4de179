"""The data of a shipment, as pairs of label and value."""

from decimal import Decimal

from invoices.models import Shipment
from invoices.models.shipment import TransportMode
from invoices.web.shipment_rows import day_text

REFERENCE_LABELS = {
    "po": "Purchase orders", "quote": "Quotes", "bl": "Bills of lading", "awb": "Air waybills",
    "container": "Containers", "exporter": "Exporter's references", "other": "Other references",
}  # fmt: skip


def shipment_facts(shipment: Shipment) -> list[tuple[str, str]]:
    """Empty values are left out by the template."""
    mode = shipment.get_mode_display() if shipment.mode != TransportMode.UNKNOWN else ""
    return [
        ("Bill to", str(shipment.bill_to or "")),
        ("Consignee", str(shipment.consignee or "")),
        ("Buyer", str(shipment.buyer or "")),
        ("Shipper", shipment.shipper_name),
        ("Route", " → ".join(filter(None, [shipment.origin, shipment.destination]))),
        ("Mode", mode),
        ("Incoterm", shipment.incoterm),
        ("ETD", day_text(shipment.etd_date)),
        ("ETA", day_text(shipment.eta_date)),
        ("Delivered", day_text(shipment.delivery_date)),
        ("Status in the TMS", shipment.get_status_display()),
        ("Branch", shipment.branch),
        ("Department", shipment.department),
        ("Customer reference", shipment.customer_reference),
        ("Exporter reference", shipment.exporter_reference),
        *((REFERENCE_LABELS.get(kind, kind), ", ".join(values)) for kind, values in shipment.references.items()),
        ("Goods", shipment.goods),
        ("Weight", f"{plain(shipment.weight_kg)} kg" if shipment.weight_kg else ""),
        ("Value of the goods", _amount(shipment.declared_value)),
        ("Currency", shipment.currency),
        ("Exchange rate", plain(shipment.exchange_rate) if shipment.exchange_rate else ""),
        ("It becomes", shipment.get_document_display()),
    ]


def plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _amount(value: Decimal | None) -> str:
    return f"{value:,.2f}" if value is not None else ""
