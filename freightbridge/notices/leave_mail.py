"""
Writes mail to people, in the transaction of what it tells of; a worker sends it.

A mail is `templates/mail/<name>.txt`, whose first line is the subject, and `<name>.html`; both stand in the frame of
the same name, so that all mails look alike and say how to switch them off.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from freightbridge.access.models import Membership
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.notices.mail_kinds import CHOICES, MailKind
from freightbridge.notices.models import Mail, MailSwitchedOff
from freightbridge.tenancy.models import Tenant
from freightbridge.transactions import require_transaction
from freightbridge.ui.page_address import page_address

# The kind of work that sends a company's mails; its subject is the tenant.
SEND_MAILS = "send mails"
LONGEST_SUBJECT = 200
# Control characters and separators of lines: a name with one of them would begin a line, or a header, of its own.
LINE_BREAKERS = {"Cc", "Zl", "Zp"}


def leave_mail(
    kind: MailKind,
    members: Iterable[Membership],
    *,
    template: str,
    context: Mapping[str, Any],
    key: str,
    tenant: Tenant,
    now: datetime,
) -> None:
    """
    To those of them who want the kind. In the tenant's scope. `key` names the occasion: each person hears of it once.
    `context`: texts, numbers, moments, and dicts and lists of them.
    """
    require_transaction()
    off = set(MailSwitchedOff.objects.filter(kind=kind).values_list("membership_id", flat=True))
    wanting = [member for member in members if member.pk not in off]
    if not wanting:
        return
    subject, text, html = render_mail(template, {**context, **_frame(kind, tenant)})
    Mail.objects.bulk_create(
        (
            Mail(membership=member, kind=kind, key=key, subject=subject, text=text, html=html, made_at=now, next_at=now)
            for member in wanting
        ),
        ignore_conflicts=True,
    )
    enqueue_work(SEND_MAILS, [tenant.pk], now=now)


def render_mail(template: str, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Subject, plain text and HTML."""
    safe = in_single_lines(context)
    subject, _, text = render_to_string(f"mail/{template}.txt", safe).strip().partition("\n")
    return (
        subject.strip()[:LONGEST_SUBJECT],
        text.strip() + "\n",
        render_to_string(f"mail/{template}.html", {**safe, "subject": subject.strip()}).strip() + "\n",
    )


def in_single_lines(value: Any) -> Any:
    """The same with every text in one line, however deep it stands."""
    if isinstance(value, str):
        return " ".join("".join(" " if unicodedata.category(one) in LINE_BREAKERS else one for one in value).split())
    if isinstance(value, Mapping):
        return {name: in_single_lines(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [in_single_lines(one) for one in value]
    return value


def absolute(address: str) -> str:
    """As people reach it from their mailbox."""
    return f"{settings.PUBLIC_BASE_URL}{address}"


def _frame(kind: MailKind, tenant: Tenant) -> dict[str, Any]:
    return {
        "tenant": tenant.name,
        "zone": tenant.time_zone,
        "told": CHOICES[kind].told,
        "choices_address": absolute(page_address(tenant, "mail_choices")),
    }
