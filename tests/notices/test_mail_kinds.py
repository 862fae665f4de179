"""Every mail, as it is written for people: both parts say the same, nothing is loaded, nobody is asked for a secret."""

from datetime import timedelta
from typing import Any

import pytest

from freightbridge.access.models import Membership
from freightbridge.notices.leave_mail import leave_mail, render_mail
from freightbridge.notices.mail_kinds import MailKind
from freightbridge.notices.models import Mail
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import NOW, make_member
from tests.notices.mail_words import missing_words, read_html

HERE = "http://localhost:8000/o/acme-freight/"
CAUSE = {
    "title": "Charge code FRT-OCN has no Xero account.", "counted": "14 shipments", "since": NOW - timedelta(days=2),
    "amounts": ["AUD 88,410.00", "USD 3,100.00"], "who": "Mia Chen", "address": f"{HERE}attention/1/",
}  # fmt: skip
OTHER = {**CAUSE, "title": "Customer C-9 is unknown in Xero.", "counted": "1 document", "who": "", "amounts": []}
MAILS: list[tuple[MailKind, str, dict[str, Any], str]] = [
    (
        MailKind.CONNECTION_LOST, "connection_lost",
        {"organisation": "Harbour & Sons", "reason": "withdrawn", "lost_at": NOW, "waiting": 1, "address": HERE},
        "The connection to Harbour & Sons is lost: please reconnect",
    ),
    (
        MailKind.DAILY_DIGEST, "daily_digest",
        {"count": 23, "left_out": 21, "causes": [CAUSE, OTHER], "address": f"{HERE}attention/"},
        "Acme Freight: 23 causes hold things up, the first one 14 shipments",
    ),
    (
        MailKind.SEND_FINISHED, "send_finished",
        {
            "number": 12, "words": "48 of 50 sent, 2 need attention", "took": "4 min", "failure": "x", "stopped": 2,
            "rows": [{"label": "Documents", "count": 50}, {"label": "In Xero", "count": 48}],
            "address": f"{HERE}sends/12/", "attention_address": f"{HERE}attention/",
        },
        "Acme Freight: send 12 is finished, 48 of 50 sent, 2 need attention",
    ),
    (
        MailKind.EVENTS_OFF, "events_off",
        {"host": "tms.example.com", "why": "It took no event for a day.", "off_at": NOW, "waiting": 7, "address": HERE},
        "Acme Freight: events for tms.example.com are switched off",
    ),
]  # fmt: skip


def written(tenant: Tenant, kind: MailKind, template: str, context: dict[str, Any]) -> Mail:
    make_member(tenant, "admin")
    with tenant_scope(tenant):
        members = list(Membership.objects.all())
        leave_mail(kind, members, template=template, context=context, key="1", tenant=tenant, now=NOW)
        return Mail.objects.get()


@pytest.mark.parametrize(("kind", "template", "context", "subject"), MAILS, ids=[mail[1] for mail in MAILS])
@pytest.mark.django_db
def test_both_parts_say_the_same_and_nothing_is_loaded(
    tenant: Tenant, kind: MailKind, template: str, context: dict[str, Any], subject: str
) -> None:
    mail = written(tenant, kind, template, context)

    html = read_html(mail.html)
    assert mail.subject == subject
    assert missing_words(mail.text, mail.html) == set()
    assert html.loaded == []
    assert all(link.startswith(HERE) and "?" not in link for link in html.links)
    assert f"{HERE}notices/mails/" in html.links
    assert f"<title>{subject.replace('&', '&amp;')}</title>" in mail.html
    assert "because of your role in Acme Freight" in mail.text


def test_word_that_only_one_part_has_would_be_found() -> None:
    assert missing_words("Send 12", '<p>Send 12 <a href="http://x/">now</a></p>') == {"now", "http://x/"}


def test_digest_with_few_causes_leaves_none_out() -> None:
    context = {"tenant": "Acme", "count": 1, "left_out": 0, "causes": [OTHER]}

    subject, text, html = render_mail("daily_digest", context)

    assert subject == "Acme: 1 cause holds things up, the first one 1 document"
    assert "more." not in text + html


def test_names_are_escaped_in_html_and_left_alone_in_plain_text() -> None:
    context = {"tenant": "<b>Acme</b>", "count": 1, "left_out": 0, "causes": [{**OTHER, "title": "<img src=x> & co"}]}

    _, text, html = render_mail("daily_digest", context)

    assert "Cause: <img src=x> & co\n" in text
    assert read_html(html).loaded == []
    assert "&lt;img src=x&gt; &amp; co" in html
