"""
A worker's part: sends what waits for a company's people, one mail after the other over one connection.

Mail has no exactly-once. Each beginning is committed before anything is said to the server, so a mail whose end
nobody saw, because the worker died or the line broke, is begun once more and no more: at worst it comes twice.
"""

import smtplib
import time
from datetime import datetime

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, QuerySet

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.notices.leave_mail import SEND_MAILS
from freightbridge.notices.mail_message import mail_message
from freightbridge.notices.mail_times import MailTimes, next_mail_try
from freightbridge.notices.models import Mail, MailSwitchedOff
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import refuse_transaction

MOST_BEGUN = 2
# The server's "never", such as for an address that does not exist.
NEVER = 500
EMPTIED = {"text": "", "html": ""}
log = structlog.get_logger(__name__)


class MailServerError(Exception):
    """It cannot be reached: nothing was said to it, so nothing has gone."""


def send_waiting_mails(work: Work) -> Again | None:
    """Background work on a company; only one worker at a time has it."""
    stop_at = time.monotonic() + STRETCH_SECONDS
    server = get_connection()
    try:
        while time.monotonic() < stop_at:
            mail = _begin(work.tenant_id)
            if not isinstance(mail, Mail):
                return mail
            try:
                _send(mail, server)
            except MailServerError as error:
                return _put_all_off(mail, error)
    finally:
        _close(server)
    return Again(at=read_clock())


def sending_mails_gave_up(work: Work, reason: str) -> None:
    """A fault of ours. What waits is tried again later, until it is news no more."""
    with tenant_scope(work.tenant_id):
        now = read_clock()
        enqueue_work(SEND_MAILS, [work.subject_id], now=now, at=now + current_times(MailTimes).longest_retry)
    log.error("mails not sent", tenant=work.tenant_id, reason=reason)


def _begin(tenant_id: int) -> Mail | Again | None:
    """The next one, begun; when to look again; or None: nothing waits."""
    with tenant_scope(tenant_id):
        now = read_clock()
        too_old = _waiting().filter(made_at__lte=now - current_times(MailTimes).give_up)
        if count := too_old.update(gave_up_at=now, **EMPTIED):
            log.error("mails given up", count=count)
        while mail := _waiting().select_related("membership__user").order_by("next_at", "id").first():
            if mail.next_at > now:
                return Again(at=mail.next_at)
            if reason := _why_not(mail):
                _give_up(mail, reason, now=now)
                continue
            _waiting().filter(pk=mail.pk).update(begun_count=F("begun_count") + 1)
            mail.refresh_from_db(fields=["begun_count"])
            return mail
        return None


def _why_not(mail: Mail) -> str:
    """Empty for what goes."""
    if mail.begun_count >= MOST_BEGUN:
        return "It was begun twice, and nobody knows whether it went."
    if not mail.membership.user.is_active:
        return "The person may not sign in any more."
    is_off = MailSwitchedOff.objects.filter(membership=mail.membership_id, kind=mail.kind).exists()
    return "The person has switched it off meanwhile." if is_off else ""


def _send(mail: Mail, server: BaseEmailBackend) -> None:
    """Raises MailServerError."""
    refuse_transaction()
    try:
        message = mail_message(mail, Tenant.objects.get(pk=mail.tenant_id))
    except ValueError as error:
        _end(mail, gave_up=f"It cannot be written: {error}")
        return
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as error:
        raise MailServerError(str(error)) from error
    try:
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        is_never = all(code >= NEVER for code, _ in error.recipients.values())
        _end(mail, gave_up=str(error) if is_never else "", refused=str(error))
    except smtplib.SMTPResponseException as error:
        _close(server)
        _end(mail, refused=str(error))
    except (smtplib.SMTPException, OSError) as error:
        _close(server)
        _end(mail, unclear=str(error) or type(error).__name__)
    else:
        _end(mail)


def _end(mail: Mail, *, gave_up: str = "", refused: str = "", unclear: str = "") -> None:
    """Sent, where nothing is said against it."""
    with tenant_scope(mail.tenant_id):
        now = read_clock()
        if gave_up:
            _give_up(mail, gave_up, now=now)
        elif refused or unclear:
            _put_off(mail, refused or unclear, now=now, is_certain=bool(refused))
        else:
            Mail.objects.filter(pk=mail.pk).update(sent_at=now, **EMPTIED)


def _put_off(mail: Mail, reason: str, *, now: datetime, is_certain: bool) -> None:
    """`is_certain`: nothing went, so that this beginning does not count."""
    count = mail.refused_count + 1
    next_at = next_mail_try(count, made_at=mail.made_at, now=now, times=current_times(MailTimes))
    if next_at is None:
        _give_up(mail, reason, now=now)
        return
    begun = mail.begun_count - 1 if is_certain else mail.begun_count
    Mail.objects.filter(pk=mail.pk).update(
        refused_count=count, begun_count=begun, next_at=next_at, last_error=reason[:500]
    )
    log.warning("mail put off", mail=mail.pk, kind=mail.kind, reason=reason, is_certain=is_certain)


def _put_all_off(mail: Mail, error: MailServerError) -> Again:
    """A server that cannot be reached is asked once for all that wait, and not once for each."""
    with tenant_scope(mail.tenant_id):
        now = read_clock()
        _put_off(mail, str(error), now=now, is_certain=True)
        later = now + current_times(MailTimes).longest_retry
        next_at = Mail.objects.filter(pk=mail.pk, gave_up_at=None).values_list("next_at", flat=True).first() or later
        _waiting().filter(next_at__lt=next_at).update(next_at=next_at)
    return Again(at=next_at)


def _give_up(mail: Mail, reason: str, *, now: datetime) -> None:
    Mail.objects.filter(pk=mail.pk).update(gave_up_at=now, last_error=reason[:500], **EMPTIED)
    log.warning("mail given up", mail=mail.pk, kind=mail.kind, reason=reason)


def _waiting() -> QuerySet[Mail]:
    return Mail.objects.filter(sent_at=None, gave_up_at=None)


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except (smtplib.SMTPException, OSError):
        log.info("mail server was gone already")
