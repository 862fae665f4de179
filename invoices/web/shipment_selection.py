"""Which shipments a click is about: the ticked ones, all that match, or those that a batch had to skip."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import QueryDict

from freightbridge.tenancy.models import Tenant
from integrations.models import BatchMember
from integrations.models.send_batch import MemberOutcome
from invoices.models import Shipment
from invoices.web.shipment_filters import shipment_filters
from invoices.web.shipment_tabs import chosen_tab

CARRIED = ("shipment", "all", "filters", "skipped_of")


def selected_shipments(data: QueryDict, *, tenant: Tenant) -> QuerySet[Shipment]:
    """As they are at this moment. Raises BadRequest."""
    if data.get("all"):
        return matching_shipments(QueryDict(data.get("filters", "")), tenant=tenant)
    skipped_of = data.get("skipped_of", "")
    if skipped_of:
        return _skipped(skipped_of)
    return Shipment.objects.filter(public_id__in=[_uuid(text) for text in data.getlist("shipment")])


def matching_shipments(parameters: QueryDict, *, tenant: Tenant) -> QuerySet[Shipment]:
    """All of a list's pages; `parameters` is its query string."""
    filters = shipment_filters(parameters, tenant=tenant)
    return chosen_tab(parameters.get("state", "")).of(filters.qs)


def carried_fields(data: QueryDict) -> list[tuple[str, str]]:
    """The selection as hidden fields of the next form: what was shown is what is done."""
    return [(name, value) for name in CARRIED for value in data.getlist(name)]


def _skipped(batch_number: str) -> QuerySet[Shipment]:
    if not batch_number.isdecimal():
        raise BadRequest("A batch has a number.")
    members = BatchMember.objects.filter(batch__number=int(batch_number), outcome=MemberOutcome.SKIPPED)
    return Shipment.objects.filter(pk__in=members.values("shipment_id"))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadRequest("That is no shipment's id.") from error
