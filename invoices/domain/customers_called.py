"""Customers by what somebody typed into a filter."""

from django.db.models import Q

from invoices.models import Customer


def customers_called(text: str) -> list[int]:
    """
    Ids of those with this code or this name. One query, in the tenant's scope.

    Ids rather than a join: their rows then stand in an index in the order of the list.
    """
    return list(Customer.objects.filter(Q(code=text) | Q(name=text)).order_by().values_list("pk", flat=True))
