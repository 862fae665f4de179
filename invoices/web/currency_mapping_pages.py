"""Mappings: currencies. Each is the one of the same three letters in Xero, where the organisation has it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.ui.pill import Pill
from integrations.models import ReferenceRecord
from integrations.models.reference_record import ReferenceKind
from integrations.problem_catalogue.codes import MendPage
from invoices.models import Customer, Invoice, Shipment
from invoices.web.mapping_page import UNCONNECTED, Mapped, mapped_organisation
from invoices.workflows.count_waiting import shipments_by_currency
from invoices.workflows.find_causes import count_held_up

BASE = Pill(label="Base currency", colour="azure", icon="home")
SUBSCRIBED = Pill(label="In Xero", colour="azure", icon="check-circle")
MISSING = Pill(label="Not in Xero", colour="red", icon="link-slash")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyRow:
    """`name`: as Xero calls it. `used`: by how many shipments that are still to be sent. `held_up`: waits for it."""

    code: str
    name: str
    pill: Pill
    used: int
    held_up: int

    @property
    def is_missing(self) -> bool:
        return self.pill == MISSING


@requires(Permission.VIEW_SETTINGS)
def mapping_currencies(request: TenantRequest) -> HttpResponse:
    """Those that Xero would refuse come first, of these the most used."""
    mapped = mapped_organisation(request)
    if mapped is None:
        return render(request, UNCONNECTED)
    rows = sorted(_rows(mapped), key=lambda row: (not row.is_missing, -row.used, row.code))
    missing = sum(row.is_missing for row in rows)
    return render(
        request,
        "integrations/mapping_currencies.html",
        {
            "rows": rows,
            "missing": missing,
            "wanted": request.GET.get("q", ""),
            "connection": mapped.connection,
        },
    )


def _rows(mapped: Mapped) -> list[CurrencyRow]:
    used, held_up = shipments_by_currency(), count_held_up(MendPage.CURRENCIES)
    records = ReferenceRecord.objects.filter(connection=mapped.connection, kind=ReferenceKind.CURRENCY, is_active=True)
    names = dict(records.values_list("code", "name"))
    return [
        CurrencyRow(
            code=code,
            name=names.get(code, ""),
            pill=_pill(mapped, code),
            used=used.get(code, 0),
            held_up=held_up["", code],
        )
        for code in _used_currencies()
    ]


def _used_currencies() -> list[str]:
    """By customers, shipments and documents, now or once; of each an index holds them."""
    several = [
        model.objects.exclude(currency="").order_by().values_list("currency", flat=True).distinct()
        for model in (Customer, Shipment, Invoice)
    ]
    return list(several[0].union(*several[1:]))


def _pill(mapped: Mapped, code: str) -> Pill:
    if code == mapped.rules.base_currency:
        return BASE
    return SUBSCRIBED if mapped.rules.takes_currency(code) else MISSING
