"""Access to Xero that could not be renewed: in the log of every organisation that it reaches."""

from datetime import datetime

from freightbridge.tenancy.tenants_clock import tell_moment
from integrations.accounting_log.write_failure import XEROS, write_failure
from integrations.job_states import Direction
from integrations.models import XeroGrant
from integrations.xero_gateway.identity_api import ClientRefusedError, IdentityUnavailableError

OURS = "Xero does not accept how FreightBridge itself signs in there, which those who run it must mend."


def log_failed_refresh(
    grant: XeroGrant, failure: IdentityUnavailableError, *, retry_at: datetime, now: datetime
) -> None:
    """In the tenant's scope. Said again, whatever the hour, once the last access has run out."""
    is_good = now < grant.expires_at
    until = f"What we have is good until {tell_moment(grant.expires_at, grant.tenant)}, so nothing waits yet."
    text = " ".join(
        (
            f"Our access to Xero was not renewed ({failure}).",
            until if is_good else "What is to go to Xero, or come from it, waits for it.",
            OURS if isinstance(failure, ClientRefusedError) else XEROS,
            f"It is tried again at {tell_moment(retry_at, grant.tenant)}.",
        )
    )
    for connection in grant.connections.order_by("pk"):
        write_failure(
            connection,
            event="access not renewed",
            direction=Direction.OUT,
            cause=f"{failure}, {'still good' if is_good else 'run out'}",
            text=text,
            now=now,
        )
