"""
Changes of one document go one after the other, in the order in which people made them. What is added to it waits for
a create that was stopped: somebody will mend it, or give it up.

As SQL, since it stands in every look for work: built anew each time, it cost the workers more than running it.
"""

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from integrations.job_states import ADDITIONS, OPEN_STATES, JobState, Operation
from integrations.models import SyncJob

# Of a row of integrations_syncjob.
IN_TURN = """(
    integrations_syncjob.operation = %s
    OR NOT EXISTS (
        SELECT FROM integrations_syncjob AS earlier
        WHERE earlier.document_id = integrations_syncjob.document_id AND earlier.id < integrations_syncjob.id
        AND (
            earlier.state = ANY(%s)
            OR integrations_syncjob.operation = ANY(%s) AND earlier.operation = %s AND earlier.state = ANY(%s)
        )
    )
)"""
STOPPED = [JobState.REJECTED, JobState.ATTENTION]
IN_TURN_PARAMETERS = (Operation.CREATE, sorted(OPEN_STATES), sorted(ADDITIONS), Operation.CREATE, STOPPED)


def in_turn(jobs: QuerySet[SyncJob]) -> QuerySet[SyncJob]:
    """Those of `jobs` that need not wait for another."""
    rule = RawSQL(IN_TURN, IN_TURN_PARAMETERS, output_field=BooleanField())  # noqa: S611 a constant
    return jobs.filter(rule)
