"""A person's test of a connection: one light call, and what came of it, kept for the page that asked."""

import time
from dataclasses import replace
from datetime import datetime

from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.read_from_xero import LaneBusyError, ReadPostponedError, reading_turn
from integrations.lanes.claim_lane import LaneLostError
from integrations.lanes.fair_shares import Share
from integrations.models import XeroConnection

OUR_FAULT = "We made a mistake, and have been told of it"


def try_connection(work: Work) -> Again | None:
    """
    Background work on a connection: reads its organisation once (xero-api.md, 5.8). What is on its way goes first;
    whatever else Xero answers, or that it does not, is the result.
    """
    try:
        with reading_turn(tenant_id=work.tenant_id, connection_id=work.subject_id) as reader:
            began = time.monotonic()
            replace(reader, share=Share.INTERACTIVE).read("Organisation")
            took = time.monotonic() - began
    except LaneBusyError as error:
        return Again(at=error.retry_at or read_clock())
    except LaneLostError:
        return Again(at=read_clock())
    except ReadPostponedError as error:
        _keep(work, error=str(error), again_at=error.retry_at)
        return None
    _keep(work, took_ms=round(took * 1000))
    return None


def trying_gave_up(work: Work, reason: str) -> None:
    del reason
    _keep(work, error=OUR_FAULT, again_at=read_clock())


def _keep(work: Work, *, took_ms: int | None = None, error: str = "", again_at: datetime | None = None) -> None:
    with tenant_scope(work.tenant_id):
        XeroConnection.objects.filter(pk=work.subject_id).update(
            tested_at=read_clock(), test_took_ms=took_ms, test_error=error, test_again_at=again_at
        )
