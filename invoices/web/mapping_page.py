"""What the mapping pages share: the organisation's rules, who changed one last, and the words after a change."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.contrib import messages

from freightbridge.access.permission_checks import TenantRequest
from freightbridge.clock import read_clock
from integrations.mapping.rule_rows import Row, RuleTable, row_words
from integrations.mapping.rules import OrganisationRules
from integrations.models import XeroConnection
from integrations.outbox.change_mapping import MappingRefusedError
from integrations.outbox.last_changes import LastChange
from integrations.outbox.try_stopped import go_on
from integrations.outbox.versioned_rules import new_version
from integrations.reference_data.load_rules import load_rules
from integrations.web.connection_strip import connection_of
from integrations.web.going_words import going_words

UNSENT_ONLY = "Nothing already in Xero changes; shipments that are not sent yet are being checked again."
UNCONNECTED = "integrations/sending_rules_unconnected.html"


@dataclass(frozen=True, slots=True)
class Mapped:
    """The organisation that codes are mapped to."""

    connection: XeroConnection
    rules: OrganisationRules


def mapped_organisation(request: TenantRequest) -> Mapped | None:
    """None: nothing is connected."""
    connection = connection_of(request)
    return Mapped(connection, load_rules(connection, customer_codes=[])) if connection else None


def last_change_of(changes: Mapping[str, LastChange], table: RuleTable, rows: Iterable[Row]) -> LastChange | None:
    """The latest one of these rows; None where nobody changed them."""
    keys = (row_words(table, row) for row in rows)
    return max((changes[key] for key in keys if key in changes), key=lambda change: change.at, default=None)


def change_and_tell(
    request: TenantRequest, change: Callable[[], list[int]], *, done: str, connection: XeroConnection
) -> None:
    """`change` answers which stopped jobs may go on now, or says why Xero would refuse it."""
    try:
        with new_version(connection, reason="mapping changed", by=request.user.email, now=read_clock()):
            freed = change()
    except MappingRefusedError as error:
        messages.error(request, f"Not saved. {error}")
        return
    going = go_on(connection, freed, now=read_clock())
    messages.success(request, f"{done} {UNSENT_ONLY}{going_words(going)}")
