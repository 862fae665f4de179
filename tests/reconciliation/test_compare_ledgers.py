"""What a document in Xero says about our books."""

from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.job_states import BreakKind, DocumentState, JobState
from integrations.mapping.compare_answer import AnsweredFigures
from integrations.mapping.document_identity import NO_MARK
from integrations.mapping.map_document import map_document
from integrations.reconciliation.compare_ledgers import Act, Judgement, Seen, Sent, judge
from tests.mapping.mapping_cases import rules_of, source_of

MAPPED = map_document(source_of({}), rules=rules_of({}), mark=NO_MARK).document
assert MAPPED is not None
FIGURES = AnsweredFigures(
    total=MAPPED.total, tax=MAPPED.tax_total, currency=MAPPED.currency, exchange_rate=MAPPED.exchange_rate
)
SEEN = Seen(xero_id="own", kind="sales invoice", status="AUTHORISED", number="INV-1", figures=FIGURES)
SENT = Sent(
    document_id=1,
    xero_id="own",
    state=DocumentState.IN_XERO,
    create_state=JobState.DONE,
    target_status="AUTHORISED",
    is_settled=True,
    was_restored=False,
    mapped=MAPPED,
)
AGREE = Judgement()
STRAY = Judgement(BreakKind.STRAY_DRAFT, act=Act.DISCARD)
DUPLICATE = Judgement(BreakKind.DUPLICATE)
LOOK = Judgement(act=Act.LOOK)
LOST = replace(SENT, xero_id="", state=DocumentState.ATTENTION, create_state=JobState.REJECTED, mapped=None)


@pytest.mark.parametrize("status", ["AUTHORISED", "PAID", "VOIDED", "DELETED"])
def test_document_as_it_was_sent_agrees(status: str) -> None:
    """One that somebody voided there is followed here, which is no break."""
    assert judge(replace(SEEN, status=status), SENT) == AGREE


def test_nothing_is_said_of_what_is_under_way() -> None:
    assert judge(replace(SEEN, xero_id="other"), replace(SENT, is_settled=False)) is None


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"total": Decimal("1.00")}, ("total", f"{MAPPED.total:.2f}", "1.00")),
        ({"tax": Decimal("0.00")}, ("tax", f"{MAPPED.tax_total:.2f}", "0.00")),
        ({"currency": "NZD"}, ("currency", MAPPED.currency, "NZD")),
        ({"exchange_rate": Decimal(3)}, ("exchange rate", f"{MAPPED.exchange_rate.normalize():f}", "3")),
    ],
)
def test_other_figures_are_a_break(changes: dict[str, object], shown: tuple[str, str, str]) -> None:
    judgement = judge(replace(SEEN, figures=replace(FIGURES, **changes)), SENT)  # type: ignore[arg-type]

    assert judgement is not None
    assert judgement.kind == BreakKind.FIGURES
    assert [(one.field, one.ours, one.theirs) for one in judgement.differences] == [shown]


@pytest.mark.parametrize(
    ("target", "status", "is_break"),
    [
        ("AUTHORISED", "DRAFT", True),
        ("AUTHORISED", "SUBMITTED", True),
        ("SUBMITTED", "DRAFT", True),
        ("SUBMITTED", "AUTHORISED", False),
        ("DRAFT", "DRAFT", False),
        ("DRAFT", "AUTHORISED", False),
    ],
)
def test_status_below_the_one_wanted_is_a_break(target: str, status: str, is_break: bool) -> None:
    judgement = judge(replace(SEEN, status=status), replace(SENT, target_status=target))

    assert judgement is not None
    assert (judgement.kind == BreakKind.STATUS) is is_break


def test_document_voided_here_that_stands_there_is_a_break() -> None:
    judgement = judge(SEEN, replace(SENT, state=DocumentState.VOIDED))

    assert judgement is not None
    assert judgement.kind == BreakKind.STATUS


def test_what_needs_attention_was_told_already() -> None:
    other = replace(SEEN, figures=replace(FIGURES, total=Decimal(1)))

    assert judge(other, replace(SENT, state=DocumentState.ATTENTION)) == AGREE


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("DRAFT", STRAY),
        ("SENT", STRAY),
        ("SUBMITTED", DUPLICATE),
        ("AUTHORISED", DUPLICATE),
        ("PAID", DUPLICATE),
        ("DELETED", AGREE),
        ("VOIDED", AGREE),
    ],
)
def test_second_document_is_taken_away_only_as_a_draft(status: str, expected: Judgement) -> None:
    assert judge(replace(SEEN, xero_id="other", status=status), SENT) == expected


def test_draft_that_could_not_be_taken_away_is_for_a_person() -> None:
    second = replace(SEEN, xero_id="other", status="DRAFT")

    assert judge(second, replace(SENT, kept_ids=frozenset({"other"}))) == DUPLICATE


def test_what_only_looks_like_ours_is_never_taken_away() -> None:
    """A supplier's credit note with the same number and total: a person may have entered it."""
    assert judge(replace(SEEN, xero_id="other", status="DRAFT", is_certain=False), SENT) == DUPLICATE


@pytest.mark.parametrize(
    ("sent", "status", "expected"),
    [
        (LOST, "AUTHORISED", LOOK),
        (LOST, "DRAFT", STRAY),
        (replace(LOST, was_restored=True), "DRAFT", LOOK),
        (replace(LOST, create_state=JobState.CANCELLED), "DRAFT", STRAY),
        (replace(LOST, create_state=JobState.CANCELLED), "AUTHORISED", DUPLICATE),
    ],
)
def test_what_was_thought_not_to_be_there(sent: Sent, status: str, expected: Judgement) -> None:
    assert judge(replace(SEEN, status=status), sent) == expected


@pytest.mark.parametrize(("status", "kind"), [("DRAFT", BreakKind.ORPHAN), ("DELETED", None)])
def test_mark_that_nobody_here_knows_is_an_orphan_while_it_stands(status: str, kind: BreakKind | None) -> None:
    assert judge(replace(SEEN, status=status), None) == Judgement(kind)
