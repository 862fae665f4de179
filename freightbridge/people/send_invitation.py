"""Writes to the person who is invited. The token of the link is made here, and stands in the mail alone."""

import hashlib
from typing import Any

import structlog
from django.conf import settings
from django.urls import reverse

from freightbridge.access.invitations import LIVES, give_token, open_invitations
from freightbridge.access.models import Invitation
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.notices.leave_mail import render_mail
from freightbridge.notices.mail_message import compose_mail
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import refuse_transaction

log = structlog.get_logger(__name__)


def send_invitation(work: Work) -> Again | None:
    """
    Background work on an invitation. A mail that may have gone, and is sent once more, has a token of its own: the
    last one in the mailbox counts.
    """
    tenant = Tenant.objects.get(pk=work.tenant_id)
    with tenant_scope(tenant):
        waiting = open_invitations().filter(pk=work.subject_id, sent_at=None).select_related("invited_by")
        invitation = waiting.first()
        if invitation is None:
            return None
        token = give_token(invitation)
    _send(invitation.email, _context(invitation, tenant, token), token)
    with tenant_scope(tenant):
        # Not where it was asked for anew meanwhile: that mail is still to be sent.
        asked = Invitation.objects.filter(pk=invitation.pk, asked_at=invitation.asked_at)
        asked.update(sent_at=read_clock(), failed_at=None)
    return None


def sending_gave_up(work: Work, reason: str) -> None:
    log.error("invitation not sent", invitation=work.subject_id, reason=reason)
    with tenant_scope(work.tenant_id):
        Invitation.objects.filter(pk=work.subject_id, sent_at=None).update(failed_at=read_clock())


def _send(to: str, context: dict[str, Any], token: str) -> None:
    """At once, since a mail that waits is kept, and its token must not be. Raises smtplib.SMTPException, OSError."""
    refuse_transaction()
    key = hashlib.sha256(token.encode()).hexdigest()[:32]
    compose_mail(render_mail("invitation", context), to=to, key=key).send()


def _context(invitation: Invitation, tenant: Tenant, token: str) -> dict[str, Any]:
    return {
        "tenant": tenant.name,
        "role": invitation.granted_role,
        "inviter": invitation.invited_by.name or invitation.invited_by.email,
        "inviter_email": invitation.invited_by.email,
        "days": LIVES.days,
        "address": f"{settings.PUBLIC_BASE_URL}{reverse('invite', args=[token])}",
    }
