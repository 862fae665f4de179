"""One's own pages, outside every company: name and looks, sign-in, and what waits for a proof that it is you."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from freightbridge.access.models import Theme, User, tenants_of
from freightbridge.access.permission_checks import signed_in
from freightbridge.access.recent_sign_in import waiting_post
from freightbridge.access.two_step import has_two_step
from freightbridge.people.people_forms import ProfileForm
from freightbridge.tenancy.scope import directory_scope

DENSITIES = {"compact": True, "roomy": False}


@signed_in
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=_user(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    with directory_scope():
        tenants = tenants_of(_user(request))
    context = {"form": form, "tenants": tenants, "has_two_step": has_two_step(_user(request).pk)}
    return render(request, "access/profile.html", context)


@signed_in
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """From the menu, where the page has taken it on already."""
    theme = request.POST.get("theme", "")
    if theme not in Theme:
        return HttpResponse(status=400)
    User.objects.filter(pk=_user(request).pk).update(theme=theme)
    return HttpResponse(status=204)


@signed_in
@require_POST
def choose_density(request: HttpRequest) -> HttpResponse:
    """From a list, which is loaded anew where it stands."""
    density = request.POST.get("density", "")
    if density not in DENSITIES:
        return HttpResponse(status=400)
    User.objects.filter(pk=_user(request).pk).update(is_compact=DENSITIES[density])
    return HttpResponseClientRefresh()


@signed_in
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Every other browser must sign in again; this one goes on."""
    user = _user(request)
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    messages.success(request, "Everywhere else you are signed out.")
    return redirect("profile")


@signed_in
def two_step_needed(request: HttpRequest) -> HttpResponse:
    """Where a company leads who has no second step, while it asks everybody for one."""
    if has_two_step(_user(request).pk):
        return redirect("start")
    return render(request, "access/two_step_needed.html")


@signed_in
@never_cache
def go_on(request: HttpRequest) -> HttpResponse:
    """After the proof: what was about to be done, as one button."""
    waiting = waiting_post(request)
    if waiting is None:
        return redirect("start")
    is_ours = url_has_allowed_host_and_scheme(
        waiting.page, set(settings.ALLOWED_HOSTS), require_https=settings.IS_HTTPS
    )
    context = {"waiting": waiting, "page": waiting.page if is_ours else ""}
    return render(request, "access/go_on.html", context)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
