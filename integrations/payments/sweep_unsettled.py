"""Once a day every document that is not settled is looked at by its id: what no list of changes told is found here."""

from datetime import timedelta

from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import counted, quiet_entry
from integrations.connection.log_failed_reading import log_failed_reading
from integrations.connection.quiet_connection import unsettled
from integrations.connection.read_from_xero import ReadPostponedError, reading_turn
from integrations.job_states import Direction
from integrations.lanes.claim_lane import LaneLostError, held_scope
from integrations.models import XeroDocument
from integrations.payments.fetch_settlements import DOCUMENTS_IN_A_TURN, fetch_settlements
from integrations.payments.record_changes import record_changes

SWEEP_UNSETTLED = "sweep unsettled"
EVERY = timedelta(days=1)


def sweep_unsettled(work: Work) -> Again | None:
    """
    Background work on a connection: a turn's worth at a time, from the document behind `cursor` on.

    Nothing to do while it is not connected; checking payments then sets it going again.
    """
    with tenant_scope(work.tenant_id):
        documents = _unsettled(work.subject_id, behind=work.cursor)
    if not documents:
        return Again(at=read_clock() + EVERY)
    try:
        _look_at(documents, work)
    except ReadPostponedError as error:
        what = "Unsettled documents were not looked at"
        log_failed_reading(error, work, event="sweep failed", direction=Direction.POLL, what=what)
        return Again(at=error.retry_at, cursor=work.cursor) if error.retry_at else None
    except LaneLostError:
        return Again(at=read_clock(), cursor=work.cursor)
    return Again(at=read_clock(), cursor=documents[-1].pk)


def sweeping_gave_up(work: Work, reason: str) -> None:
    """Nothing is lost: the next check of payments sets it going again."""
    del work, reason


def _unsettled(connection_id: int, *, behind: int) -> list[XeroDocument]:
    return list(unsettled(connection_id).filter(pk__gt=behind).order_by("pk")[:DOCUMENTS_IN_A_TURN])


def _look_at(documents: list[XeroDocument], work: Work) -> None:
    with reading_turn(tenant_id=work.tenant_id, connection_id=work.subject_id) as reader:
        settlements = list(fetch_settlements(reader, documents))
        with held_scope(reader.held) as now:
            text = f"Looked at {counted(len(documents), 'unsettled document')} by their ids: nothing new."
            quiet = quiet_entry(work.subject_id, direction=Direction.POLL, text=text, calls=reader.calls, now=now)
            record_changes(work.subject_id, settlements, now=now, otherwise=quiet)
