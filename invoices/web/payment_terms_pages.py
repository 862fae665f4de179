"""Mappings: payment terms. Xero receives due dates, not terms; here stands for whom which days count."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from invoices.models import BillingEntity, Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsRow:
    """`customers`: for how many they count. `entity`: whose terms they are; None where customers have them."""

    days: int
    customers: int
    entity: BillingEntity | None = None


@requires(Permission.VIEW_SETTINGS)
def mapping_terms(request: TenantRequest) -> HttpResponse:
    """Two queries of its own. The terms of each billing entity come first, since they count where no others do."""
    counts = dict(Customer.objects.order_by().values_list("payment_terms_days").annotate(count=Count("id")))
    without_own = counts.pop(None, 0)
    entities = BillingEntity.objects.order_by("-is_default", "name")
    usual = [TermsRow(days=one.payment_terms_days, customers=without_own, entity=one) for one in entities]
    own = [TermsRow(days=days, customers=count) for days, count in sorted(counts.items())]
    return render(request, "integrations/mapping_terms.html", {"rows": [*usual, *own]})
