"""The tabs of the shipment list: each a few states of the read model."""

from dataclasses import dataclass

from django.db.models import QuerySet

from integrations.web.state_words import IN_PROGRESS
from invoices.models import Shipment


@dataclass(frozen=True, slots=True)
class StateTab:
    """`states` empty: every one."""

    name: str
    label: str
    states: tuple[str, ...]

    def of(self, shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
        return shipments.filter(accounting_state__in=self.states) if self.states else shipments


TABS = (
    StateTab("", "All", ()),
    StateTab("not-ready", "Not ready", ("not ready",)),
    StateTab("ready", "Ready", ("ready", "cancelled")),
    StateTab("in-progress", "In progress", IN_PROGRESS),
    StateTab("needs-attention", "Needs attention", ("attention",)),
    StateTab("in-xero", "In Xero", ("in xero",)),
    StateTab("do-not-send", "Do not send", ("do not send",)),
)


def chosen_tab(name: str) -> StateTab:
    """The first one for a name that does not exist."""
    return next((tab for tab in TABS if tab.name == name), TABS[0])
