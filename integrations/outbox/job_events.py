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
class NotBuilt:
    """The call could not be built: a bug of ours, or something stored that nobody can read. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The intent is about to be committed: from here on the outcome is unknown until it is proved."""


@dataclass(frozen=True, slots=True)
class NotReached:
    """Its intent is committed, but the round ended before its call: nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """
    Xero holds the document that we sent. `differences`: where its figures are not ours; `problems`: what it left out,
    so that the draft cannot be approved.
    """

    xero_id: str
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """Xero holds the new lines under the id that we stored; `differences` and `problems` as of `Created`."""

    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()


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
    """The credit note is set against its invoice. `text`: how much of it, and what is left."""

    text: str = "The credit is set against its invoice."


@dataclass(frozen=True, slots=True)
class LeftAsCredit:
    """There is nothing that the credit note could be set against; `text` says why."""

    text: str


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
class SeenInXero:
    """The comparison of the books came upon it in Xero, where it was thought not to be."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedByFile:
    """It stands in a file for a person to import into Xero. `day` and `file_name`: in words."""

    day: str
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedByHand:
    """A person found that Xero has it already, from somewhere else. `status`: of the document there."""

    xero_id: str
    status: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedByHand:
    """It was another one in Xero after all that a person had taken it for; `number`: of that one. `reason`: hers."""

    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """A person does not want it sent any more."""


@dataclass(frozen=True, slots=True)
class Paused:
    """A person wants it to wait; only of one that nothing was sent of."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A person lets it go on."""


@dataclass(frozen=True, slots=True)
class CancelReached:
    """The lane comes to a job whose cancelling was asked for, and nothing of it is in flight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The database is an old copy, of `backup_at`: whatever came after it may have been sent."""

    backup_at: datetime


Event = (
    ContactResolved
    | NotBuilt
    | Sent
    | NotReached
    | Created
    | Updated
    | Attached
    | Promoted
    | Voided
    | Allocated
    | LeftAsCredit
    | Noted
    | Rejected
    | NotApplied
    | OutcomeUnknown
    | LookedUp
    | SeenInXero
    | PdfStored
    | Stopped
    | Mended
    | ExportedByFile
    | AdoptedByHand
    | ReleasedByHand
    | CancelRequested
    | Paused
    | Resumed
    | CancelReached
    | Restored
)
