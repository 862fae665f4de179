"""What can happen to a sync job. Values without behaviour: `decide` says what follows."""

from dataclasses import dataclass
from datetime import datetime

from integrations.mapping.compare_answer import Difference
from integrations.mapping.problems import Problem


@dataclass(frozen=True, slots=True)
class ContactResolved:
    """The customer's contact in Xero is known."""

    contact_id: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The intent is about to be committed: from here on the outcome is unknown until it is proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """Xero holds the document that we sent. `differences`: where its figures are not ours."""

    xero_id: str
    differences: tuple[Difference, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """Xero holds the new lines under the id that we stored."""

    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """The PDF is on the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """Xero holds the document in its target status."""

    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Voided:
    """Xero holds the document as voided or deleted."""


@dataclass(frozen=True, slots=True)
class Allocated:
    """The credit note is set against its invoice."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The history of the document has our note."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Xero refused the request; it changed nothing."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplied:
    """
    The call did nothing, certainly. `not_before`: when it may be tried again; `goes_alone`: with no other
    document in the call, since the call was refused as a whole and nobody knows for whose sake.
    """

    reason: str
    not_before: datetime | None = None
    goes_alone: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The call may or may not have done something."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """
    A document in Xero that bears our mark, or has the id that we stored. `is_applied`: the allocation or the note
    that we look for stands on it; `has_payments`: money was set against it.
    """

    xero_id: str
    status: str
    differences: tuple[Difference, ...] = ()
    has_payments: bool = False
    is_applied: bool = False

    @property
    def is_gone(self) -> bool:
        return self.status in {"DELETED", "VOIDED"}

    @property
    def is_promoted(self) -> bool:
        return self.status in {"AUTHORISED", "PAID", "SUBMITTED"}


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Xero was asked what it holds, and answered cleanly: these, oldest first."""

    found: tuple[FoundDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class PdfStored:
    """The document's PDF has been rendered."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Something that only a person can mend stands in the way: a mapping, a PDF that cannot be made."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Mended:
    """What stood in the way is mended, or a person asks to try again."""


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """A person does not want it sent any more."""


@dataclass(frozen=True, slots=True)
class CancelReached:
    """The lane comes to a job whose cancelling was asked for, and nothing of it is in flight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The database is an old copy, of `backup_at`: whatever came after it may have been sent."""

    backup_at: datetime


Event = (
    ContactResolved
    | Sent
    | Created
    | Updated
    | Attached
    | Promoted
    | Voided
    | Allocated
    | Noted
    | Rejected
    | NotApplied
    | OutcomeUnknown
    | LookedUp
    | PdfStored
    | Stopped
    | Mended
    | CancelRequested
    | CancelReached
    | Restored
)
