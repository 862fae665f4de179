"""Mail over real SMTP: what the server gets, and what happens when it fails, refuses, or hangs up."""

import socket
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from freightbridge.clock import read_clock
from freightbridge.notices.models import Mail, MailSwitchedOff
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import make_member, make_tenant
from tests.notices.smtp_listener import MailServer
from tests.notices.told_people import come_due, mails, send_mails, write

pytestmark = pytest.mark.django_db(transaction=True)
ADMIN, OPERATOR = "admin@acme-freight.example", "operator@acme-freight.example"


@pytest.fixture
def tenant() -> Tenant:
    made = make_tenant("acme-freight")
    make_member(made, "admin")
    return made


def test_mail_is_plain_text_and_html_and_its_words_are_kept_no_longer_than_needed(
    tenant: Tenant, mail_server: MailServer, settings: Any
) -> None:
    settings.DEFAULT_FROM_EMAIL = "FreightBridge <bills@example.com>"
    write(tenant)

    send_mails()

    (mail,) = mail_server.taken
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert mail["Subject"] == "The connection to Harbour & Hinterland is lost: please reconnect"
    assert (mail["To"], mail["From"]) == (ADMIN, "FreightBridge <bills@example.com>")
    assert "Reason: Xero <says> so" in plain.get_content()
    assert "<td>Xero &lt;says&gt; so</td>" in html.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail["Message-ID"]).endswith("@example.com>")
    assert mails(tenant, "text", "html", "begun_count") == [("", "", 1)]


def test_every_mail_says_how_a_mailbox_switches_it_off(tenant: Tenant, mail_server: MailServer) -> None:
    write(tenant)

    send_mails()

    (mail,) = mail_server.taken
    assert str(mail["List-Unsubscribe"]).strip().startswith("<http://localhost:8000/mail/off/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_server_that_is_away_is_asked_again_until_the_mail_has_gone_once(
    tenant: Tenant, mail_server: MailServer, settings: Any
) -> None:
    make_member(tenant, "operator")
    write(tenant)
    settings.EMAIL_PORT = unused_port()
    send_mails()
    while_away = mails(tenant, "refused_count", "begun_count", "sent_at")
    waits = [next_at > read_clock() for next_at in mails(tenant, "next_at")]

    settings.EMAIL_PORT = mail_server.port
    come_due(tenant)
    for _ in range(2):
        send_mails()

    # The first one asked for both.
    assert (while_away, waits) == ([(1, 0, None), (0, 0, None)], [True, True])
    assert sorted(mail_server.to) == [ADMIN, OPERATOR]


def test_waits_for_the_server_grow_and_end_after_a_day(tenant: Tenant, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", unused_port(), False
    write(tenant)
    waits = []
    for _ in range(3):
        before = read_clock()
        send_mails()
        waits.append(round((mails(tenant, "next_at")[0] - before).total_seconds() / 30))
        come_due(tenant)

    with tenant_scope(tenant):
        Mail.objects.update(made_at=F("made_at") - timedelta(days=1))
    send_mails()

    assert waits == [1, 2, 4]
    assert [(gave_up_at is None, text) for gave_up_at, text in mails(tenant, "gave_up_at", "text")] == [(False, "")]


def test_address_that_the_server_does_not_know_holds_up_nobody(tenant: Tenant, mail_server: MailServer) -> None:
    make_member(tenant, "operator")
    mail_server.refused = {ADMIN: "550 no such mailbox"}
    write(tenant)

    send_mails()

    assert mail_server.to == [OPERATOR]
    assert [gave_up_at is None for gave_up_at in mails(tenant, "gave_up_at")] == [False, True]


def test_mailbox_that_is_full_is_tried_again(tenant: Tenant, mail_server: MailServer) -> None:
    mail_server.refused = {ADMIN: "452 full"}
    write(tenant)
    send_mails()
    assert mails(tenant, "begun_count", "gave_up_at") == [(0, None)]

    mail_server.refused = {}
    come_due(tenant)
    send_mails()

    assert mail_server.to == [ADMIN]


def test_mail_whose_end_nobody_saw_is_repeated_once_with_the_same_id_and_no_more(
    tenant: Tenant, mail_server: MailServer
) -> None:
    mail_server.breaks = 3
    write(tenant)

    for _ in range(3):
        send_mails()
        come_due(tenant)

    assert len(mail_server.taken) == 2
    assert len({str(mail["Message-ID"]) for mail in mail_server.taken}) == 1
    assert mails(tenant, "last_error") == ["It was begun twice, and nobody knows whether it went."]


def test_worker_that_died_after_sending_repeats_the_mail_at_most_once(tenant: Tenant, mail_server: MailServer) -> None:
    write(tenant)
    for _ in range(3):
        send_mails()
        # What it would have written at the end is lost with it.
        with tenant_scope(tenant):
            Mail.objects.update(sent_at=None, gave_up_at=None, text="x", html="x")
        come_due(tenant)
        write(tenant, key="1")

    assert len(mail_server.taken) == 2


def test_who_has_switched_it_off_or_left_meanwhile_gets_none(tenant: Tenant, mail_server: MailServer) -> None:
    operator = make_member(tenant, "operator")
    write(tenant)
    with tenant_scope(tenant):
        MailSwitchedOff.objects.create(membership=Mail.objects.order_by("id")[0].membership, kind="connection lost")
    operator.is_active = False
    operator.save()

    send_mails()

    assert mail_server.taken == []


def test_name_with_line_breaks_makes_no_header_and_no_line_of_its_own(tenant: Tenant, mail_server: MailServer) -> None:
    write(
        tenant, organisation="Harbour\r\nBcc: thief@example.com\u2028\x00Hinterland", reason="so\n\nPay here: http://x"
    )

    send_mails()

    (mail,) = mail_server.taken
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert mail["Bcc"] is None
    assert mail["Subject"] == "The connection to Harbour Bcc: thief@example.com Hinterland is lost: please reconnect"
    assert "Reason: so Pay here: http://x" in plain.get_content().splitlines()


def test_address_with_a_line_break_is_given_up_and_holds_up_nobody(tenant: Tenant, mail_server: MailServer) -> None:
    other = make_member(tenant, "operator")
    other.email = "operator@acme-freight.example\nBcc: thief@example.com"
    other.save()
    make_member(tenant, "viewer")
    write(tenant)

    send_mails()

    assert mail_server.to == [ADMIN, "viewer@acme-freight.example"]


def test_same_occasion_is_written_once(tenant: Tenant, mail_server: MailServer) -> None:
    for key in ("1", "1", "2"):
        write(tenant, key=key)
        send_mails()

    assert mail_server.to == [ADMIN, ADMIN]


def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
