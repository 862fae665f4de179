"""Mail to one person, as plain text and HTML. Called by workers, never by a request: a mail server may be slow."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from freightbridge.transactions import refuse_transaction


def send_mail(to: str, *, template: str, context: dict[str, Any], key: str) -> None:
    """
    From `mail/<template>.txt`, whose first line is the subject, and `mail/<template>.html`. Outside any transaction.

    `key` names the occasion: the same one gives the same Message-ID, so that a mailbox shows a repetition once.
    Raises smtplib.SMTPException, OSError.
    """
    refuse_transaction()
    subject, _, text = render_to_string(f"mail/{template}.txt", context).strip().partition("\n")
    digest = hashlib.sha256(f"{template} {key} {to}".encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mail = EmailMultiAlternatives(
        subject.strip(),
        text.strip() + "\n",
        to=[to],
        headers={"Message-ID": f"<{digest}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    mail.send()
