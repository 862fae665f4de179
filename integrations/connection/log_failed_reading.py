"""A reading in the background that Xero did not let through: what did not happen, whose fault it is, what follows."""

from collections.abc import Sequence

from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.tenancy.tenants_clock import tell_moment
from integrations.accounting_log.write_failure import XEROS, write_failure
from integrations.connection.read_from_xero import ReadFailedError, ReadPostponedError
from integrations.job_states import Direction
from integrations.models import OrganisationLane, XeroConnection
from integrations.xero_gateway.answers import OK, TOO_MANY, UNAUTHORISED

LOWEST_FAULT_OF_XERO = 500
OURS = "The fault is ours, and there is nothing for you to do; support finds it by the support code."
LIMITED = "Xero limits how often it may be asked, and there is nothing for you to do."
EXPIRED = "Our access had run out and is being renewed, and there is nothing for you to do."


def log_failed_reading(
    failure: ReadPostponedError,
    work: Work,
    *,
    event: str,
    direction: Direction,
    what: str,
    documents: Sequence[int] = (),
) -> None:
    """
    Of background work on a connection; after its turn, in a transaction of its own. Nothing is said where Xero was
    not asked. `what` did not happen, a sentence without its end; `documents`: ids of those that were to be read.
    """
    if not isinstance(failure, ReadFailedError):
        return
    with tenant_scope(work.tenant_id):
        connection, now, cause = XeroConnection.objects.get(pk=work.subject_id), read_clock(), str(failure)
        text = f"{what}: {cause}. {_whose(failure)} {_next_try(failure, connection)}"
        write_failure(
            connection,
            event=event,
            direction=direction,
            cause=cause,
            text=text,
            now=now,
            calls=failure.calls,
            documents=documents,
        )


def _whose(failure: ReadFailedError) -> str:
    status = failure.calls[-1].status
    if status is None or status == OK or status >= LOWEST_FAULT_OF_XERO:
        return XEROS
    return {TOO_MANY: LIMITED, UNAUTHORISED: EXPIRED}.get(status, OURS)


def _next_try(failure: ReadFailedError, connection: XeroConnection) -> str:
    """The failure may have paused the lane for longer than the reading would have waited."""
    paused_until = OrganisationLane.objects.values_list("paused_until", flat=True).get(connection=connection)
    at = max(filter(None, (failure.retry_at, paused_until)))
    return f"It is tried again at {tell_moment(at, connection.tenant)}."
