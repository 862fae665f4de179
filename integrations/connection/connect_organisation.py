"""From a consent that came back to a connection that works."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.current_times import current_times
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.connection.connection_work import (
    CHECK_NUMBERS,
    CHECK_PAYMENTS,
    COMPARE_LEDGERS,
    IMPORT_FOUND,
    LOOK_IN,
    REFRESH_REFERENCE_DATA,
)
from integrations.connection.keep_digest_coming import keep_digest_coming
from integrations.connection.refresh_grant import replace_tokens
from integrations.connection.token_times import TokenTimes
from integrations.job_states import LogResult
from integrations.lanes.claim_lane import wake_lane
from integrations.lanes.new_lane import make_lane
from integrations.models import ConnectionSettings, XeroConnection, XeroGrant
from integrations.models.xero_connection import ConnectionStatus
from integrations.xero_gateway.identity_api import ConnectedOrganisation, TokenSet


class OrganisationRefusedError(Exception):
    """The organisation cannot be connected; the message says why and what to do."""


def keep_grant(tokens: TokenSet, *, now: datetime) -> XeroGrant:
    """One row for each person in Xero: a new consent of the same person replaces the old token set."""
    grant, _ = XeroGrant.objects.get_or_create(
        xero_user_id=tokens.xero_user_id, defaults={"expires_at": now, "refreshed_at": now}
    )
    replace_tokens(grant, tokens, now=now)
    return grant


def connect_organisation(
    organisation: ConnectedOrganisation, *, grant: XeroGrant, by: str, now: datetime
) -> XeroConnection:
    """
    In the tenant's scope. What was sent before, rules and links of the same organisation stay as they are.

    Raises OrganisationRefusedError.
    """
    connection = _save(organisation, grant=grant, by=by, now=now)
    ConnectionSettings.objects.get_or_create(connection=connection)
    make_lane(connection, now=now)
    wake_lane(connection_id=connection.pk, at=now)
    enqueue_work(REFRESH_REFERENCE_DATA, [connection.pk], now=now)
    enqueue_work(CHECK_PAYMENTS, [connection.pk], now=now)
    enqueue_work(COMPARE_LEDGERS, [connection.pk], now=now)
    enqueue_work(IMPORT_FOUND, [connection.pk], now=now)
    enqueue_work(CHECK_NUMBERS, [connection.pk], now=now)
    enqueue_work(LOOK_IN, [connection.pk], now=now, at=current_times(TokenTimes).look_in_at(now, seed=connection.pk))
    keep_digest_coming(connection.tenant, now=now)
    text = f"Connected to {connection.name}."
    write_entries(
        [connection_entry(connection, result=LogResult.DONE, event="connected", text=text, now=now, actor=by)]
    )
    record_event(action="xero connected", subject=connection, by=by, now=now)
    return connection


def _save(organisation: ConnectedOrganisation, *, grant: XeroGrant, by: str, now: datetime) -> XeroConnection:
    connection = XeroConnection.objects.filter(organisation_id=organisation.organisation_id).first()
    connection = connection or XeroConnection(organisation_id=organisation.organisation_id)
    if not connection.is_active:
        others = XeroConnection.objects.exclude(status=ConnectionStatus.DISCONNECTED)
        connection.is_default = not others.filter(is_default=True).exists()
    connection.grant = grant
    connection.xero_connection_id = organisation.connection_id
    connection.name = organisation.name
    connection.status = ConnectionStatus.CONNECTED
    connection.connected_by, connection.connected_at, connection.disconnected_at = by, now, None
    connection.lost_at, connection.lost_reason = None, ""
    connection.identity_key = connection.identity_key or secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError as error:
        raise OrganisationRefusedError(
            f"{organisation.name} is connected to another company on FreightBridge already. It must be disconnected "
            f"there first."
        ) from error
    return connection
