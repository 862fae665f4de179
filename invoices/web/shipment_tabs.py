"""The tabs of the shipment list: each a few states of the read model."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from integrations.web.state_words import IN_PROGRESS
from invoices.models import Shipment


@dataclass(frozen=True, slots=True)
class StateTab:
    """`states` empty: every one."""

    name: str
    label: str
    states: tuple[str, ...]

    def of(self, shipments: QuerySet[Shipment], *, kept: Collection[UUID] = ()) -> QuerySet[Shipment]:
        """`kept`: they are shown wherever they have got to."""
        if not self.states:
            return shipments
        return shipments.filter(self.condition | Q(public_id__in=kept) if kept else self.condition)

    @property
    def condition(self) -> Q:
        return Q(accounting_state__in=self.states) if self.states else Q()


TABS = (
    StateTab("", "All", ()),
    StateTab("not-ready", "Not ready", ("not ready",)),
    StateTab("ready", "Ready", ("ready", "cancelled")),
    StateTab("in-progress", "In progress", IN_PROGRESS),
    StateTab("needs-attention", "Needs attention", ("attention",)),
    StateTab("by-file", "Exported by file", ("by file",)),
    StateTab("in-xero", "In Xero", ("in xero",)),
    StateTab("do-not-send", "Do not send", ("do not send",)),
)


def chosen_tab(name: str) -> StateTab:
    """The first one for a name that does not exist."""
    return next((tab for tab in TABS if tab.name == name), TABS[0])
