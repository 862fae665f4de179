"""What a shipment's other fields say in the lists: the text that a search looks through, the day it is ordered by."""

from datetime import date

from invoices.domain.reference_list import all_references, search_text
from invoices.models import Shipment

DERIVED = ("search_text", "list_date")


def derive_fields(shipment: Shipment, *, created_date: date) -> None:
    """For whoever changes a shipment, before it is saved. `created_date`: in the tenant's time zone."""
    references = all_references(customer_reference=shipment.customer_reference, by_kind=shipment.references)
    shipment.search_text = search_text(number=shipment.number, references=[*references, shipment.exporter_reference])
    shipment.list_date = shipment.etd_date or shipment.delivery_date or created_date
