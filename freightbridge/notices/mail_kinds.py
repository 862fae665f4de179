"""What people get mail about, with words for those who choose. Pure but for the roles."""

from dataclasses import dataclass
from enum import StrEnum

from freightbridge.access.permissions import Permission


class MailKind(StrEnum):
    CONNECTION_LOST = "connection lost"
    DAILY_DIGEST = "daily digest"
    SEND_FINISHED = "send finished"
    EVENTS_OFF = "events off"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChoice:
    """`needs`: whoever has this permission gets it. `told`: ends the sentence "you get this mail …"."""

    label: str
    explanation: str
    told: str
    needs: Permission


CHOICES = {
    MailKind.DAILY_DIGEST: MailChoice(
        label="What needs attention, each morning",
        explanation="One mail a day, grouped by cause. None comes on a day when there is nothing to do.",
        told="each morning on which something needs attention",
        needs=Permission.SEND_TO_ACCOUNTING,
    ),
    MailKind.SEND_FINISHED: MailChoice(
        label="A send of mine is finished",
        explanation="Only when it took longer than a minute; the bell tells of the others.",
        told="when a send of yours that took longer than a minute is finished",
        needs=Permission.SEND_TO_ACCOUNTING,
    ),
    MailKind.CONNECTION_LOST: MailChoice(
        label="A connection to Xero is lost",
        explanation="Once for each loss. Nothing is sent until somebody has reconnected.",
        told="once for each time that a connection to Xero is lost",
        needs=Permission.MANAGE_CONNECTION,
    ),
    MailKind.EVENTS_OFF: MailChoice(
        label="Another system is told of nothing any more",
        explanation="When its address took no event for a day and was switched off.",
        told="when an address that events are sent to is switched off",
        needs=Permission.MANAGE_API_KEYS,
    ),
}
