"""What stands in the search box of the invoice list: the beginning of a number, or a piece of a reference."""

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from invoices.domain.shipment_search import MOST_FOUND, SHORTEST_PIECE, newest_numbered
from invoices.models import Invoice


def find_invoices(invoices: QuerySet[Invoice], text: str) -> list[int]:
    """Ids of those of `invoices` that the text means, no more than somebody reads. One query. In the tenant's scope."""
    parts = [newest_numbered(invoices, spelling) for spelling in sorted({text, text.upper()})]
    if len(text) >= SHORTEST_PIECE:
        found = RawSQL("SELECT search_invoices(%s)", [text])
        parts.append(invoices.filter(pk__in=found).order_by().values("pk")[:MOST_FOUND])
    first, *others = parts
    return list(first.union(*others).values_list("pk", flat=True))
