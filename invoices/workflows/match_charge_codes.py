"""A person says what a carrier's charge codes are among ours; the next message with them matches itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from freightbridge.access.models import User
from freightbridge.audit.record_event import record_event
from invoices.intake.column_match import MatchRules
from invoices.intake.edi.message_codes import guess_charge_code, memory_of, our_charge_code
from invoices.intake.header_row import folded
from invoices.models import ChargeCode, ChargeCodeMatch, Upload
from invoices.models.upload import UploadForm, UploadState
from invoices.workflows.check_upload import CHECKABLE, begin_check, lock_upload
from invoices.workflows.load_message_knowledge import load_known_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeToMatch:
    """`position`: of the code in the upload. `ours`: what it counts as now; `guess`: of ours, by its name alone."""

    position: int
    carrier: str
    code: str
    description: str
    ours: str
    guess: str


def codes_to_match(upload: Upload) -> list[CodeToMatch]:
    """Of its messages, those that nobody has matched first. In the tenant's scope."""
    codes = upload.messages.get("codes", [])
    if not codes:
        return []
    known = load_known_codes(())
    names = dict(ChargeCode.objects.values_list("code", "name"))
    found = []
    for position, (carrier, code, description) in enumerate(codes):
        ours = our_charge_code(carrier, code, known)
        guess = "" if ours else guess_charge_code(description, names)
        found.append(
            CodeToMatch(position=position, carrier=carrier, code=code, description=description, ours=ours, guess=guess)
        )
    return sorted(found, key=lambda one: bool(one.ours))


def match_charge_codes(upload: Upload, chosen: Mapping[int, str], *, by: User, now: datetime) -> None:
    """
    Remembers `chosen`, position → our charge code, and checks the file again.

    A code that reads like one of ours needs no memory. In the tenant's scope. Raises UploadStateError.
    """
    locked = lock_upload(upload, allowed=CHECKABLE - {UploadState.MATCHING})
    if locked.form != UploadForm.MESSAGES:
        return
    ours = {code.code: code for code in ChargeCode.objects.filter(code__in=chosen.values())}
    remembered = {}
    for position, (carrier, code, _description) in enumerate(locked.messages.get("codes", [])):
        target = ours.get(chosen.get(position, ""))
        if target is None:
            continue
        owner, theirs = memory_of(carrier, code)
        if folded(target.code) == theirs:
            ChargeCodeMatch.objects.filter(carrier=owner, code=theirs).delete()
        else:
            ChargeCodeMatch.objects.update_or_create(carrier=owner, code=theirs, defaults={"charge_code": target})
        remembered[f"{carrier} {code}"] = target.code
    begin_check(locked, MatchRules(fields={}), now=now)
    if remembered:
        record_event(action="match charge codes", subject=locked, by=by.email, now=now, codes=remembered)
    upload.refresh_from_db()
