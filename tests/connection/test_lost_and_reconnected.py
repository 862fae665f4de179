"""N4: a lost connection shouts, keeps what waits, and carries it on by itself once somebody has reconnected."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.notices.models import Mail
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connect_organisation import connect_organisation, keep_grant
from integrations.connection.xero_hosts import identity_api
from integrations.models import XeroConnection, XeroGrant
from integrations.xero_gateway.identity_api import SCOPES, token_set_of
from tests.conftest import make_member
from tests.notices.told_people import told
from tests.sending import click, company, documents, log_of, ours_in_xero, shipments
from tests.xero_company import PERSON, run_queue, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]


class RefusingOnce(EmailBackend):
    """A mail server that takes the first mail and refuses the second, once."""

    mails = 0

    def send_messages(self, messages: Any) -> int:
        RefusingOnce.mails += 1
        if RefusingOnce.mails == 2:
            raise smtplib.SMTPServerDisconnected("gone")
        return super().send_messages(messages)


def lose(tenant: Tenant, xero: SandboxProcess) -> None:
    """The person withdraws the consent; it is found out when the next token is needed."""
    xero.act("revoke_grant")
    with tenant_scope(tenant):
        XeroGrant.objects.update(expires_at=read_clock())


def reconnect(tenant: Tenant, xero: SandboxProcess) -> None:
    wish = {"organisations": ["AU"], "scopes": list(SCOPES)}
    tokens = token_set_of(xero.admin("grants", wish))
    (organisation,) = identity_api().connections(tokens.access_token)
    with tenant_scope(tenant):
        now = read_clock()
        connect_organisation(organisation, grant=keep_grant(tokens, now=now), by=PERSON, now=now)


def mail_is_due(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        Mail.objects.filter(sent_at=None).update(next_at=read_clock())
        WorkItem.objects.filter(kind="send mails").update(next_at=read_clock())


def test_backlog_waits_for_the_reconnection_and_goes_by_itself(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00", "30.00")
    lose(tenant, xero)

    click(tenant)
    run_workers()
    while_lost = documents(tenant, "state"), ours_in_xero(xero, "status")
    reconnect(tenant, xero)
    run_workers()

    assert while_lost == (["queued"] * 3, [])
    assert documents(tenant, "state") == ["in xero"] * 3
    assert ours_in_xero(xero, "status") == ["AUTHORISED"] * 3
    told = [event for event, _ in log_of(tenant) if event.startswith("connect")]
    assert told == ["connected", "connection lost", "connected"]


def test_what_is_clicked_while_it_is_lost_is_queued_too(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    with tenant_scope(tenant):
        XeroConnection.objects.update(status="needs reconnect")
    shipments(tenant, "10.00")

    click(tenant)
    run_workers()
    reconnect(tenant, xero)
    run_workers()

    assert documents(tenant, "state") == ["in xero"]


def test_admins_get_a_mail_each_once_for_each_loss(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    for role in ("admin", "operator", "viewer"):
        make_member(tenant, role)
    shipments(tenant, "10.00")
    lose(tenant, xero)

    for _ in range(2):
        click(tenant)
        run_workers()
        assert len(mail.outbox) < 2
        run_queue(Queue.POLL)
    first = list(mail.outbox)
    reconnect(tenant, xero)
    lose(tenant, xero)
    click(tenant)
    run_workers()
    run_queue(Queue.POLL)

    assert [one.to for one in first] == [["admin@acme-freight.example"]]
    assert len(mail.outbox) == 2
    assert "Xero has ended our authorisation" in str(first[0].body)
    assert "1 document waits" in str(first[0].body)
    assert len(told(tenant, "operator@acme-freight.example")) == 2
    assert told(tenant, "viewer@acme-freight.example") == []
    assert "/o/acme-freight/settings/xero/" in str(first[0].body)


def test_mail_server_that_fails_brings_nobody_the_same_mail_twice(
    tenant: Tenant, xero: SandboxProcess, settings: Any
) -> None:
    company(tenant, xero)
    for number in range(3):
        member = make_member(tenant, "admin")
        member.email = f"admin-{number}@acme-freight.example"
        member.save()
    settings.EMAIL_BACKEND = f"{__name__}.RefusingOnce"
    RefusingOnce.mails = 0
    lose(tenant, xero)

    run_queue(Queue.POLL)
    with tenant_scope(tenant):
        XeroGrant.objects.update(expires_at=read_clock() - timedelta(days=8))
        WorkItem.objects.filter(kind="keep grant alive").update(next_at=read_clock())
    for _ in range(3):
        run_queue(Queue.POLL)
        mail_is_due(tenant)

    assert sorted(one.to[0] for one in mail.outbox) == [f"admin-{number}@acme-freight.example" for number in range(3)]


def test_loss_that_was_mended_before_the_mail_is_not_told(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    make_member(tenant, "admin")
    shipments(tenant, "10.00")
    lose(tenant, xero)
    click(tenant)
    run_workers()

    reconnect(tenant, xero)
    run_queue(Queue.POLL)

    assert mail.outbox == []
