"""The sending rules of the connected organisation, with a live example of the reference and the history of changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.audit.change import Change, details_of
from freightbridge.audit.models import AuditEvent
from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.clock import read_clock
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.page_address import redirect_to_page
from integrations.connection.connection_work import ASSESS_SHIPMENTS
from integrations.job_states import Operation
from integrations.mapping.reference_text import ReferenceTemplateError, reference_text
from integrations.models import ConnectionSettings, SyncJob, XeroConnection
from integrations.outbox.try_stopped import requeue_mended
from integrations.outbox.versioned_rules import new_version
from integrations.problem_catalogue.codes import MendPage
from integrations.reference_data.load_rules import load_rules
from integrations.web.accounting_forms import SendingRulesForm
from integrations.web.connection_strip import connection_of
from integrations.web.going_words import going_words

# What the rules may unblock: a contact may be created now, an account has a default now.
MENDED_HERE = (MendPage.CUSTOMERS, MendPage.CHARGES, MendPage.ITEMS, MendPage.RULES)
SHOWN_CHANGES = 20
MADE_UP: dict[str, Any] = {
    "number": "INV-00042",
    "customer_reference": "PO-7781",
    "all_references": ["PO-7781", "MAEU 123456", "MSKU 7654321"],
    "shipment_numbers": ["SHP-00917", "SHP-00918"],
}


@requires(Permission.VIEW_SETTINGS)
def sending_rules(request: TenantRequest) -> HttpResponse:
    connection = connection_of(request)
    if connection is None:
        return render(request, "integrations/sending_rules_unconnected.html")
    settings = ConnectionSettings.objects.get(connection=connection)
    data = request.POST if request.method == "POST" else None
    if data is not None:
        check(request.membership, Permission.MANAGE_SENDING_RULES)
    form = SendingRulesForm(data, instance=settings, rules=load_rules(connection, customer_codes=[]))
    if form.is_valid():
        _save(request, form, connection)
        return redirect_to_page(request, "sending_rules")
    events = AuditEvent.objects.filter(subject_id=settings.public_id).order_by("-at", "-id")[:SHOWN_CHANGES]
    context = {"form": form, "connection": connection, "events": events, **_example(settings.reference_template)}
    return render(request, "integrations/sending_rules.html", context)


@requires(Permission.VIEW_SETTINGS)
def reference_example(request: TenantRequest) -> HttpResponse:
    """What the template makes of a real document, while it is typed."""
    example = _example(request.GET.get("reference_template", ""))
    return render(request, "integrations/reference_example.html", example)


def _save(request: TenantRequest, form: SendingRulesForm, connection: XeroConnection) -> None:
    changes: list[Change] = form_changes(form)
    now = read_clock()
    with new_version(connection, reason="sending rules changed", by=request.user.email, now=now):
        settings = form.save()
    record_event(
        action="sending rules changed", subject=settings, by=request.user.email, now=now, **details_of(changes)
    )
    enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)
    going = going_words(requeue_mended(connection, MENDED_HERE, now=now))
    messages.success(request, f"The rules are saved and count for what is sent from now on.{going}")


def _example(template: str) -> dict[str, Any]:
    source, is_real = _source()
    try:
        text = reference_text(
            template,
            number=source["number"],
            customer_references=tuple(source.get("customer_references") or [source["customer_reference"]]),
            all_references=tuple(source["all_references"]),
            shipment_numbers=tuple(source["shipment_numbers"]),
        ).text
    except ReferenceTemplateError as error:
        return {"example": "", "example_error": str(error), "example_of": ""}
    return {"example": text, "example_error": "", "example_of": source["number"] if is_real else "a made-up invoice"}


def _source() -> tuple[dict[str, Any], bool]:
    """The newest document, which is what people remember; before the first one something made up."""
    written = SyncJob.objects.filter(operation__in=[Operation.CREATE, Operation.UPDATE])
    newest = written.order_by("-id").values_list("source", flat=True).first()
    return (newest, True) if newest else (MADE_UP, False)
