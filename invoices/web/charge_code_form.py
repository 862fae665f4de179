"""The charge codes of carriers on the page of an upload: what each counts as, and the form that says so."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from invoices.models import ChargeCode, Upload
from invoices.models.upload import UploadForm, UploadState
from invoices.workflows.check_upload import CHECKABLE, UploadStateError
from invoices.workflows.match_charge_codes import codes_to_match, match_charge_codes

FIELD = "code-"
MATCHABLE = CHECKABLE - {UploadState.MATCHING, UploadState.CHECKING}


def codes_context(upload: Upload) -> dict[str, Any]:
    """For the page of an upload: nothing of it where the file is a table, or is being read."""
    if upload.form != UploadForm.MESSAGES or upload.state not in MATCHABLE:
        return {"can_check_again": False}
    codes = codes_to_match(upload)
    return {
        "can_check_again": True,
        "codes": codes,
        "unmatched": sum(1 for one in codes if not one.ours),
        "charge_codes": ChargeCode.objects.order_by("code") if codes else (),
    }


@requires(Permission.UPLOAD_SHIPMENTS)
@require_POST
def upload_codes(request: TenantRequest, number: int) -> HttpResponse:
    """What was chosen is remembered, and the file is checked again."""
    found = get_object_or_404(Upload, number=number)
    try:
        match_charge_codes(found, _chosen(request.POST), by=request.user, now=read_clock())
    except UploadStateError as error:
        messages.error(request, str(error))
    return redirect_to_page(request, "upload", number)


def _chosen(data: QueryDict) -> dict[int, str]:
    named = {name.removeprefix(FIELD): code for name, code in data.items() if name.startswith(FIELD) and code}
    return {int(position): str(code) for position, code in named.items() if position.isdecimal()}
