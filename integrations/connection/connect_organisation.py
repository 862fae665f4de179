"""From a consent that came back to a connection that works."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.connection.connection_work import CHECK_PAYMENTS, LOOK_IN, REFRESH_REFERENCE_DATA
from integrations.connection.refresh_grant import replace_tokens, token_times
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
    _refuse_second(organisation)
    connection = _save(organisation, grant=grant, by=by, now=now)
    ConnectionSettings.objects.get_or_create(connection=connection)
    make_lane(connection, now=now)
    wake_lane(connection_id=connection.pk, at=now)
    enqueue_work(REFRESH_REFERENCE_DATA, [connection.pk], now=now)
    enqueue_work(CHECK_PAYMENTS, [connection.pk], now=now)
    enqueue_work(LOOK_IN, [connection.pk], now=now, at=token_times().look_in_at(now, seed=connection.pk))
    text = f"Connected to {connection.name}."
    write_entries(
        [connection_entry(connection, result=LogResult.DONE, event="connected", text=text, now=now, actor=by)]
    )
    record_event(action="xero connected", subject=connection, by=by, now=now)
    return connection


def _refuse_second(organisation: ConnectedOrganisation) -> None:
    """Documents belong to one set of books; sending the next ones to another by mistake is hard to undo."""
    others = XeroConnection.objects.exclude(organisation_id=organisation.organisation_id)
    other = others.exclude(status=ConnectionStatus.DISCONNECTED).first()
    if other is not None:
        raise OrganisationRefusedError(
            f"You chose {organisation.name}, but {other.name} is connected. Disconnect that first if you mean to "
            f"change; its documents and rules stay."
        )


def _save(organisation: ConnectedOrganisation, *, grant: XeroGrant, by: str, now: datetime) -> XeroConnection:
    connection = XeroConnection.objects.filter(organisation_id=organisation.organisation_id).first()
    connection = connection or XeroConnection(organisation_id=organisation.organisation_id)
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
