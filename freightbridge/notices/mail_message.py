"""A mail as the mail server gets it: plain text and HTML, and the headers by which mailboxes switch it off."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from freightbridge.notices.leave_mail import absolute
from freightbridge.notices.models import Mail
from freightbridge.notices.switch_off_mail import switch_off_address
from freightbridge.tenancy.models import Tenant


def mail_message(mail: Mail, tenant: Tenant) -> EmailMultiAlternatives:
    """
    The two List-Unsubscribe headers are those of RFC 2369 and RFC 8058: a mailbox switches the kind off with one POST.

    Raises ValueError where a header would hold a line break.
    """
    headers = {
        "List-Unsubscribe": f"<{absolute(switch_off_address(mail, tenant))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    content = (mail.subject, mail.text, mail.html)
    return compose_mail(content, to=mail.membership.user.email, key=mail.public_id.hex, headers=headers)


def compose_mail(
    content: tuple[str, str, str], *, to: str, key: str, headers: Mapping[str, str] | None = None
) -> EmailMultiAlternatives:
    """
    `content`: subject, plain text and HTML. Every try with the same key has the same Message-ID, so that a mailbox
    shows a repetition once. Raises ValueError where a header would hold a line break.
    """
    subject, text, html = content
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    known = {"Message-ID": f"<{key}@{domain}>", "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(subject, text, to=[to], headers={**known, **(headers or {})})
    message.attach_alternative(html, "text/html")
    message.message()
    return message
