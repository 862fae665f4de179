"""What a person gets mail about, in each company for itself; and the link in a mail that switches its kind off."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from freightbridge.access.permission_checks import TenantRequest, public, reason_against, requires
from freightbridge.access.permissions import Permission
from freightbridge.notices.mail_kinds import CHOICES, MailKind
from freightbridge.notices.models import MailSwitchedOff
from freightbridge.notices.switch_off_mail import SwitchOffLinkError, choose_mail, member_of, read_switch_off
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address, redirect_to_page


@requires(Permission.VIEW_FREIGHT)
def mail_choices(request: TenantRequest) -> HttpResponse:
    if request.method == "POST":
        wanted = request.POST.getlist("wanted")
        for kind, choice in CHOICES.items():
            if request.membership.has_permission(choice.needs):
                choose_mail(request.membership, kind, is_wanted=kind.value in wanted)
        messages.success(request, "Saved. From now on you get mail about what is ticked.")
        return redirect_to_page(request, "mail_choices")
    off = set(MailSwitchedOff.objects.filter(membership=request.membership).values_list("kind", flat=True))
    rows = [
        {
            "kind": kind.value,
            "id": kind.name.lower(),
            "choice": choice,
            "reason": reason_against(request.membership, choice.needs),
            "is_on": kind.value not in off,
        }
        for kind, choice in CHOICES.items()
    ]
    return render(request, "notices/mail_choices.html", {"rows": rows})


@public
@csrf_exempt
def switch_off_mail(request: HttpRequest, token: str) -> HttpResponse:
    """
    A mailbox posts here by itself (RFC 8058), so there is no form of ours that a token of a form could be in; the
    link is the proof. To look at it changes nothing, since mail scanners open every link.
    """
    context: dict[str, Any] = {"is_done": request.method == "POST"}
    try:
        wanted = read_switch_off(token)
        with tenant_scope(wanted.tenant):
            member = member_of(wanted)
            if request.method == "POST":
                choose_mail(member, MailKind(wanted.kind), is_wanted=False)
    except SwitchOffLinkError:
        return render(request, "notices/switch_off_mail.html", {"is_broken": True}, status=404)
    context |= {
        "label": CHOICES[wanted.kind].label,
        "company": wanted.tenant.name,
        "email": member.user.email,
        "choices_address": page_address(wanted.tenant, "mail_choices"),
    }
    return render(request, "notices/switch_off_mail.html", context)
