"""Ends a connection at Xero and here; sent documents, rules and links stay (F72)."""

import structlog

from freightbridge.audit.record_event import record_event
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.connection.access_tokens import access_token_of
from integrations.connection.refresh_grant import GrantLostError, NoTokenYetError
from integrations.connection.xero_hosts import identity_api
from integrations.job_states import LogResult
from integrations.models import XeroConnection, XeroGrant
from integrations.models.xero_connection import ConnectionStatus
from integrations.xero_gateway.identity_api import GrantRefusedError, IdentityUnavailableError

log = structlog.get_logger(__name__)


def disconnect_organisation(*, tenant_id: int, connection_id: int, by: str) -> str:
    """
    Outside any scope. Where Xero cannot be reached it is ended here all the same.

    Returns what the person should know besides; empty: all is well.
    """
    with tenant_scope(tenant_id):
        connection = XeroConnection.objects.get(pk=connection_id)
    remark = _tell_xero(connection, tenant_id)
    with tenant_scope(tenant_id):
        now = read_clock()
        XeroConnection.objects.filter(pk=connection_id).update(
            status=ConnectionStatus.DISCONNECTED,
            disconnected_at=now,
            grant=None,
            xero_connection_id=None,
            lost_at=None,
            lost_reason="",
        )
        if connection.grant_id is not None:
            XeroGrant.objects.filter(pk=connection.grant_id, connections=None).delete()
        text = f"Disconnected from {connection.name}. {remark}".strip()
        entry = connection_entry(connection, result=LogResult.DONE, event="disconnected", text=text, now=now, actor=by)
        write_entries([entry])
        record_event(action="xero disconnected", subject=connection, by=by, now=now)
    return remark


def _tell_xero(connection: XeroConnection, tenant_id: int) -> str:
    if connection.grant_id is None or connection.xero_connection_id is None:
        return ""
    try:
        token = access_token_of(tenant_id=tenant_id, grant_id=connection.grant_id)
        identity_api().disconnect(token, connection_id=str(connection.xero_connection_id))
    except (GrantLostError, GrantRefusedError):
        return ""
    except (NoTokenYetError, IdentityUnavailableError) as error:
        log.warning("xero not told of the disconnect", reason=str(error))
        return "Xero could not be reached: remove FreightBridge there too, under Connected apps."
    _revoke(tenant_id=tenant_id, grant_id=connection.grant_id, token=token)
    return ""


def _revoke(*, tenant_id: int, grant_id: int, token: str) -> None:
    """
    The consent too, once nothing hangs on it: it is the person's, who may have connected another of our companies.

    The organisation is disconnected already, so a failure leaves nothing to a person to do.
    """
    try:
        if identity_api().connections(token):
            return
        with tenant_scope(tenant_id):
            grant = XeroGrant.objects.filter(pk=grant_id).first()
        if grant is not None:
            identity_api().revoke(grant.refresh_token)
    except (GrantRefusedError, IdentityUnavailableError) as error:
        log.warning("consent not revoked", reason=str(error))
