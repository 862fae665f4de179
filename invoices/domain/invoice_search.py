"""What stands in the search box of the invoice list: the beginning of a number, or a piece of a reference."""

from django.db.models import Q, QuerySet

from freightbridge.tenancy.search_limits import MOST_FOUND, SHORTEST_PIECE
from invoices.domain.shipment_search import found_by_piece, newest_numbered
from invoices.models import Invoice


def find_invoices(invoices: QuerySet[Invoice], text: str, *, are_narrowed: bool) -> list[int]:
    """
    Ids of those of `invoices` that the text means, no more than somebody reads. One query. In the tenant's scope.

    `are_narrowed`: other filters leave only some of all; the newest of all that have the piece need hold none of those,
    so each of the some is looked at.
    """
    parts = [newest_numbered(invoices, spelling) for spelling in sorted({text, text.upper()})]
    if len(text) >= SHORTEST_PIECE:
        has_piece = (
            Q(reference__icontains=text) if are_narrowed else Q(pk__in=found_by_piece(Invoice, "search_invoices", text))
        )
        parts.append(invoices.filter(has_piece).order_by().values("pk")[:MOST_FOUND])
    first, *others = parts
    return list(first.union(*others).values_list("pk", flat=True))
