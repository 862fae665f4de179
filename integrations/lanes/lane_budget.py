"""A lane's row as the values that the pure parts decide on, and back."""

from dataclasses import asdict, fields
from datetime import datetime

from django.db import connection

from integrations.lanes.call_budget import CallBudget
from integrations.lanes.fair_shares import Share, Spent
from integrations.models import OrganisationLane

BUDGET_FIELDS = [field.name for field in fields(CallBudget)]


def budget_of(lane: OrganisationLane) -> CallBudget:
    return CallBudget(**{name: getattr(lane, name) for name in BUDGET_FIELDS})


def spent_of(lane: OrganisationLane) -> Spent:
    return Spent(**{share.value: getattr(lane, f"spent_{share}") for share in Share})


def keep(lane: OrganisationLane, *values: CallBudget | Spent) -> None:
    """In `held_lane`, whose lane it is: it is as its row is afterwards. As SQL, since every call counts itself."""
    changed: dict[str, int | datetime | None] = {}
    for value in values:
        prefix = "spent_" if isinstance(value, Spent) else ""
        changed |= {f"{prefix}{name}": kept for name, kept in asdict(value).items()}
    for name, kept in changed.items():
        setattr(lane, name, kept)
    columns = ", ".join(f"{name} = %s" for name in changed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE integrations_organisationlane SET {columns} WHERE id = %s",  # noqa: S608 names of ours
            [*changed.values(), lane.pk],
        )
