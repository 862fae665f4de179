"""Sync customers from Xero: the button, how far it is, and what was found, each with what can be done about it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import page_address, redirect_to_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import Tab, query_without
from integrations.mapping.match_customer import MatchKind
from integrations.models import ContactSync, ContactSyncRow, ReferenceRecord, XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.web.connection_strip import connection_of
from integrations.web.contact_states import MATCHED, ContactState, contact_states
from integrations.web.xero_links import contact_link
from invoices.models import Customer
from invoices.workflows.sync_customers import ask_for_sync

BY_ID = Order(("id",), falls=False)
# What wants a person first.
LABELS = {
    MatchKind.AMBIGUOUS: "Ambiguous",
    MatchKind.SUGGESTED: "Suggested",
    MatchKind.UNMATCHED: "Not in Xero",
    MatchKind.ARCHIVED: "Archived in Xero",
    MatchKind.MATCHED: "Newly matched",
    MatchKind.RENAMED: "Renamed",
    MatchKind.MERGED: "Merged",
    MatchKind.NEW_IN_XERO: "New in Xero",
}
TEXTS = {
    MatchKind.AMBIGUOUS: "Several contacts have the customer's code as their account number. Choose the right one.",
    MatchKind.SUGGESTED: "No contact has this account number, but one looks alike. Match it if it is the same party.",
    MatchKind.UNMATCHED: "No contact has this account number or this name.",
    MatchKind.ARCHIVED: "Nothing can be sent to an archived contact. Restore it in Xero, or match another.",
    MatchKind.MATCHED: "Matched by account number in this sync.",
    MatchKind.RENAMED: "Renamed in Xero. The match holds, since it goes by the contact's id.",
    MatchKind.MERGED: "Merged into another contact in Xero. The match has followed it there.",
    MatchKind.NEW_IN_XERO: "Contacts that are no customers here. Add those you carry freight for.",
}
MENDABLE = {MatchKind.AMBIGUOUS, MatchKind.SUGGESTED, MatchKind.UNMATCHED, MatchKind.ARCHIVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRow:
    """`state`: how the customer stands now; None: he is none here. `candidates`: names of contacts to choose from."""

    one: ContactSyncRow
    customer: Customer | None
    state: ContactState | None
    candidates: list[ReferenceRecord]
    suggestion: str
    in_xero: str
    add_address: str

    @property
    def is_open(self) -> bool:
        is_matched = self.state is not None and self.state.pill == MATCHED
        return self.customer is not None and self.one.kind in MENDABLE and not is_matched


@requires(Permission.VIEW_SETTINGS)
def customer_sync(request: TenantRequest) -> HttpResponse:
    connection = connection_of(request)
    sync = ContactSync.objects.filter(connection=connection).order_by("-id").first() if connection else None
    context: dict[str, Any] = {"connection": connection, "sync": sync}
    if connection is not None and sync is not None and sync.finished_at:
        kind = _kind(request.GET.get("show", ""), sync)
        page = keyset_page(
            sync.rows.filter(kind=kind),
            order=BY_ID,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
        context |= {
            "kind": kind,
            "text": TEXTS[kind],
            "page": page,
            "rows": _rows(page.rows, connection, request),
            "tabs": _tabs(sync, kind),
            "known": sync.counts.get(MatchKind.KNOWN, 0),
            "query": query_without(request.GET, "after", "before"),
        }
    return render_page(request, "invoices/customer_sync.html", context, part="live")


@requires(Permission.MANAGE_MAPPINGS)
@require_POST
def customer_sync_start(request: TenantRequest) -> HttpResponse:
    connection = connection_of(request)
    if connection is None:
        raise BadRequest("Nothing is connected.")
    ask_for_sync(connection, by=request.user.email, now=read_clock())
    messages.success(request, "Customers are being compared with the contacts in Xero; the report appears here.")
    return redirect_to_page(request, "customer_sync")


def _kind(asked: str, sync: ContactSync) -> MatchKind:
    """The one asked for, else the first that has rows."""
    if asked in set(LABELS):
        return MatchKind(asked)
    return next((kind for kind in LABELS if sync.counts.get(kind)), MatchKind.AMBIGUOUS)


def _rows(found: list[ContactSyncRow], connection: XeroConnection, request: TenantRequest) -> list[SyncRow]:
    codes = [one.customer_code for one in found if one.customer_code]
    customers = {one.code: one for one in Customer.objects.filter(code__in=codes)}
    states = contact_states(connection, customers)
    contacts = ReferenceRecord.objects.filter(connection=connection, kind=ReferenceKind.CONTACT)
    candidates: dict[str, list[ReferenceRecord]] = defaultdict(list)
    for contact in contacts.filter(code__in=customers, is_active=True).order_by("name"):
        candidates[contact.code].append(contact)
    emails = _emails(contacts.filter(key__in=[str(one.contact_id) for one in found if not _is_of_customer(one)]))
    new_address = page_address(request.tenant, "customer_new")
    return [
        SyncRow(
            one=one,
            customer=customers.get(one.customer_code),
            state=states.get(one.customer_code),
            candidates=candidates[one.customer_code] if one.kind == MatchKind.AMBIGUOUS else [],
            suggestion=one.contact_name if one.kind == MatchKind.SUGGESTED else "",
            in_xero=contact_link(short_code=connection.short_code, contact_id=one.contact_id) if one.contact_id else "",
            add_address=f"{new_address}?{_as_customer(one, emails)}" if one.kind == MatchKind.NEW_IN_XERO else "",
        )
        for one in found
    ]


def _is_of_customer(one: ContactSyncRow) -> bool:
    return one.kind != MatchKind.NEW_IN_XERO


def _emails(contacts: Any) -> dict[str, str]:
    return {contact.key: contact.data.get("email", "") for contact in contacts}


def _as_customer(one: ContactSyncRow, emails: dict[str, str]) -> str:
    known = {"code": one.customer_code, "name": one.contact_name, "email": emails.get(str(one.contact_id), "")}
    return urlencode({field: text for field, text in known.items() if text})


def _tabs(sync: ContactSync, current: MatchKind) -> list[Tab]:
    return [
        Tab(label=label, address=f"?show={kind}", is_current=kind == current, count=str(sync.counts.get(kind, 0)))
        for kind, label in LABELS.items()
    ]
