"""Settings → API keys: made, shown once, revoked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.api_keys import MadeKey, TooManyKeysError, make_key, revoke_key
from freightbridge.access.api_scopes import GRANTED_AS, Scope
from freightbridge.access.models import ApiKey
from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import redirect_to_page

NEWEST = Order(("id",))
LIVES = {"30": "30 days", "90": "90 days", "365": "A year", "": "Until it is revoked"}


class ApiKeyForm(forms.Form):
    name = forms.CharField(label="Name", max_length=100, help_text="Which system uses it: it stands in the history.")
    scopes = forms.MultipleChoiceField(
        label="It may", choices=[(scope.value, words) for scope, words in GRANTED_AS.items()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    days = forms.ChoiceField(label="It counts for", choices=list(LIVES.items()), initial="365", required=False)


@requires(Permission.VIEW_SETTINGS, asks_again=True)
def api_keys(request: TenantRequest) -> HttpResponse:
    """A new key is shown in the answer to the form and never again."""
    form, made = ApiKeyForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST":
        check(request.membership, Permission.MANAGE_API_KEYS)
        if form.is_valid():
            made = _make(request, form)
            form = ApiKeyForm() if made else form
    page = keyset_page(
        ApiKey.objects.select_related("made_by"),
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    now = read_clock()
    context: dict[str, Any] = {"form": form, "made": made, "page": page, "query": ""}
    context["rows"] = [(key, _state(key, now), [GRANTED_AS[Scope(one)] for one in key.scopes]) for key in page.rows]
    return render(request, "rest/api_keys.html", context)


@requires(Permission.MANAGE_API_KEYS, asks_again=True)
@require_POST
def revoke_api_key(request: TenantRequest, public_id: UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey, public_id=public_id)
    revoke_key(key, by=request.user.email, now=read_clock())
    messages.success(request, f"{key.name} is revoked; no call with it is let in any more.")
    return redirect_to_page(request, "api_keys")


def _make(request: TenantRequest, form: ApiKeyForm) -> MadeKey | None:
    """None: the form says why not."""
    chosen, now = form.cleaned_data, read_clock()
    try:
        return make_key(
            name=chosen["name"],
            scopes=[Scope(one) for one in chosen["scopes"]],
            expires_at=now + timedelta(days=int(chosen["days"])) if chosen["days"] else None,
            by=request.user,
            now=now,
        )
    except TooManyKeysError as error:
        form.add_error(None, str(error))
        return None


def _state(key: ApiKey, now: Any) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "valid"
