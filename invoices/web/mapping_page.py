"""What the three mapping pages share: the organisation's rules, and the words after a change."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages

from freightbridge.access.permission_checks import TenantRequest
from freightbridge.clock import read_clock
from integrations.mapping.rules import OrganisationRules
from integrations.models import XeroConnection
from integrations.outbox.change_mapping import MappingRefusedError
from integrations.outbox.try_stopped import go_on
from integrations.outbox.versioned_rules import new_version
from integrations.reference_data.load_rules import load_rules
from integrations.web.connection_strip import connection_of
from integrations.web.going_words import going_words

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
    messages.success(request, f"{done} Shipments that are not sent yet are being checked again.{going_words(going)}")
