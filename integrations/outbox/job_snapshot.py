"""A sync job as a value, what can happen to it, and what is decided about it. Pure, like `decide`."""

from dataclasses import dataclass
from datetime import datetime

from integrations.job_states import OPEN_STATES, Step
from integrations.mapping.compare_answer import Difference
from integrations.mapping.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSnapshot:
    """The fields of a SyncJob that decisions read or change, under the same names."""

    state: str
    step: str
    target_status: str
    wants_pdf: bool
    has_pdf: bool
    contact_id: str
    xero_id: str
    generation: int
    retry_count: int
    started_count: int
    goes_alone: bool
    next_at: datetime
    first_sent_at: datetime | None = None
    first_sent_tick: int | None = None
    unknown_since: datetime | None = None
    cancel_requested_at: datetime | None = None
    finished_at: datetime | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def has_stray_draft(self) -> bool:
        """Xero made a draft of it whose figures are not ours: it can neither be approved nor made again."""
        return bool(self.xero_id) and self.step == Step.CREATE


@dataclass(frozen=True, slots=True)
class ContactResolved:
    """The customer's contact in Xero is known."""

    contact_id: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The intent is about to be committed: from here on the outcome is unknown until it is proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """Xero holds the draft. `differences`: where its figures are not ours."""

    xero_id: str
    differences: tuple[Difference, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """The PDF is on the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """Xero holds the document in its target status."""

    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Xero refused the document; nothing was changed there."""

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


Event = (
    ContactResolved
    | Sent
    | Created
    | Attached
    | Promoted
    | Rejected
    | NotApplied
    | OutcomeUnknown
    | PdfStored
    | Stopped
    | Mended
    | CancelRequested
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """`result` is one of LogResult's values."""

    result: str
    event: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The job as it is now, and what the accounting log says of it (nothing, where nothing happened for people)."""

    job: JobSnapshot
    log: tuple[LogLine, ...] = ()
