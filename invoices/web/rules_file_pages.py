"""Mapping rules as a file: download, upload with a dry run, and the click that takes it over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.stored_files.models import StoredFile
from freightbridge.stored_files.store_file import store_file
from freightbridge.ui.page_address import redirect_to_page
from integrations.outbox.versioned_rules import change_rules
from integrations.reference_data.rule_store import read_rules
from integrations.web.going_words import going_words
from invoices.web.mapping_page import UNCONNECTED, Mapped, mapped_organisation
from invoices.web.rule_forms import known_codes
from invoices.workflows.rules_file import (
    RulesPlan,
    UnreadableRulesError,
    plan_rules_file,
    put_planned,
    write_rules_file,
)


@requires(Permission.VIEW_SETTINGS)
def rules_file(request: TenantRequest) -> HttpResponse:
    """A file that is sent is only looked at."""
    mapped = mapped_organisation(request)
    if mapped is None:
        return render(request, UNCONNECTED)
    context: dict[str, Any] = {"connection": mapped.connection}
    if request.method == "POST":
        check(request.membership, Permission.MANAGE_MAPPINGS)
        sent = request.FILES.get("file")
        try:
            context |= _dry_run(mapped, sent.read()) if sent else {"error": "Choose a file first."}
        except UnreadableRulesError as error:
            context["error"] = str(error)
    return render(request, "integrations/rules_file.html", context)


@requires(Permission.VIEW_SETTINGS)
def rules_download(request: TenantRequest) -> HttpResponse:
    mapped = mapped_organisation(request)
    if mapped is None:
        return render(request, UNCONNECTED)
    response = HttpResponse(write_rules_file(read_rules(mapped.connection)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mapping-rules.csv"'
    return response


@requires(Permission.MANAGE_MAPPINGS)
@require_POST
def rules_import(request: TenantRequest) -> HttpResponse:
    """All of the file that was looked at, or nothing: what changed here meanwhile is checked again."""
    mapped = mapped_organisation(request)
    digest = request.POST.get("file", "")
    stored = get_object_or_404(StoredFile, sha256=digest)
    if mapped is None:
        return render(request, UNCONNECTED)
    try:
        plan = _plan(mapped, bytes(stored.content))
    except UnreadableRulesError as error:
        raise BadRequest(str(error)) from error
    if plan.faults:
        messages.error(request, "Nothing was changed: the file has faults now. Upload it again to see them.")
        return redirect_to_page(request, "rules_file")
    going = change_rules(
        mapped.connection, lambda: put_planned(mapped.connection, plan), reason="imported from a file",
        by=request.user.email, now=read_clock(),
    )  # fmt: skip
    rows = len(plan.rows)
    messages.success(request, f"{rows} rule{'' if rows == 1 else 's'} taken from the file.{going_words(going)}")
    return redirect_to_page(request, "rules_versions")


def _dry_run(mapped: Mapped, content: bytes) -> dict[str, Any]:
    """Raises UnreadableRulesError."""
    plan = _plan(mapped, content)
    stored = store_file(content, content_type="text/csv", now=read_clock()) if plan.rows and not plan.faults else None
    return {"plan": plan, "file": stored.sha256 if stored else ""}


def _plan(mapped: Mapped, content: bytes) -> RulesPlan:
    return plan_rules_file(content, standing=read_rules(mapped.connection), rules=mapped.rules, known=known_codes())
