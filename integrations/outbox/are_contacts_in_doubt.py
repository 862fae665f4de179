"""
Contacts that Xero was asked to create without our hearing what came of it: an answer that was lost, a worker that died.

They may be there, or come to be there minutes later, like documents.
"""

from datetime import datetime

from integrations.job_states import Step
from integrations.models import AttemptMember

CERTAIN = ["applied", "refused", "not applied"]


def are_contacts_in_doubt(connection_id: int, *, since: datetime) -> bool:
    """Whether one was asked for at `since` or later; in the tenant's scope."""
    asked = AttemptMember.objects.filter(
        attempt__connection=connection_id, attempt__step=Step.CONTACT, attempt__sent_at__gte=since
    )
    return asked.exclude(verdict__in=CERTAIN).exists()
