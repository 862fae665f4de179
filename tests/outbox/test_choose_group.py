from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.job_states import Step
from integrations.lanes.fair_shares import Share
from integrations.outbox.choose_group import MOST_CONTACTS, MOST_IN_A_CALL, Candidate, Group, choose_group

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FILL = timedelta(seconds=60)
BULK = Candidate(
    job_id=1, goes_alone=False, step=Step.CREATE, kind="sales invoice",
    target_status="AUTHORISED", next_at=NOW,
)  # fmt: skip
STEPS = [Step.CONTACT, Step.CREATE, Step.ATTACH, Step.PROMOTE]
candidates = st.lists(
    st.builds(
        Candidate,
        job_id=st.integers(1, 10**6), goes_alone=st.booleans(),
        step=st.sampled_from(STEPS), kind=st.sampled_from(["sales invoice", "sales credit note"]),
        target_status=st.sampled_from(["DRAFT", "AUTHORISED"]),
        next_at=st.integers(0, 60).map(lambda seconds: NOW - timedelta(seconds=seconds)),
    ),
    max_size=120, unique_by=lambda candidate: candidate.job_id,
)  # fmt: skip


def some(count: int, first_id: int = 1, **fields: object) -> list[Candidate]:
    return [replace(BULK, job_id=first_id + number, **fields) for number in range(count)]  # type: ignore[arg-type]


def chosen(waiting: list[Candidate], *, more: bool = False, share: Share = Share.BULK) -> Group | None:
    return choose_group(waiting, share=share, fill=FILL, are_more_coming=more, now=NOW)


@given(waiting=candidates, more=st.booleans(), share=st.sampled_from([Share.INTERACTIVE, Share.BULK]))
def test_group_is_one_call(waiting: list[Candidate], more: bool, share: Share) -> None:
    group = chosen(waiting, more=more, share=share)

    if group is None:
        assert waiting == []
        return
    by_id = {candidate.job_id: candidate for candidate in waiting}
    members = [by_id[job_id] for job_id in group.job_ids]
    assert len(members) <= (MOST_CONTACTS if group.step == Step.CONTACT else MOST_IN_A_CALL)
    assert len(set(group.job_ids)) == len(members)
    assert {member.step for member in members} <= {group.step}
    assert len(members) <= 1 or not any(member.goes_alone for member in members)
    if group.step == Step.ATTACH:
        assert len(members) == 1
    if group.step in {Step.CREATE, Step.PROMOTE}:
        assert len({(member.kind, member.target_status) for member in members}) <= 1


def test_files_go_in_a_round_without_those_that_go_alone() -> None:
    alone = replace(BULK, job_id=99, step=Step.ATTACH, goes_alone=True)
    waiting = [*some(3, 1, step=Step.ATTACH), alone, *some(3, 11, step=Step.ATTACH, kind="bill")]

    group = choose_group(waiting, share=Share.BULK, fill=FILL, are_more_coming=True, now=NOW, most_files=5)

    assert group == Group(step=Step.ATTACH, job_ids=(1, 2, 3, 11, 12))


@given(waiting=candidates, more=st.booleans())
def test_waiting_for_others_ends_soon(waiting: list[Candidate], more: bool) -> None:
    group = chosen(waiting, more=more)

    if group is not None and not group.job_ids:
        assert more
        assert group.wait_until is not None
        assert NOW < group.wait_until <= NOW + FILL


def test_nothing_due_is_no_group() -> None:
    assert chosen([]) is None


def test_persons_click_goes_in_its_order_and_waits_for_no_fuller_call() -> None:
    waiting = [*some(2, 1, step=Step.PROMOTE), *some(2, 11)]

    assert chosen(waiting, more=True, share=Share.INTERACTIVE) == Group(step=Step.PROMOTE, job_ids=(1, 2))


def test_bulk_goes_by_steps_and_what_was_begun_is_ended_before_more_is() -> None:
    waiting = [
        *some(2, 1, step=Step.PROMOTE), *some(2, 11), *some(2, 21, step=Step.ATTACH), *some(2, 31, step=Step.CONTACT)
    ]  # fmt: skip

    assert chosen(waiting, more=True) == Group(step=Step.CONTACT, job_ids=(31, 32))
    assert chosen(waiting[:6], more=True) == Group(step=Step.ATTACH, job_ids=(21,))
    assert chosen(waiting[:4], more=True) == Group(step=Step.CREATE, job_ids=(11, 12))
    assert chosen(waiting[:2], more=True) == Group(step=Step.PROMOTE, job_ids=(), wait_until=NOW + FILL)


def test_full_or_overdue_approval_goes_before_the_next_attachment() -> None:
    attaching = some(3, 500, step=Step.ATTACH)
    overdue = some(1, 1, step=Step.PROMOTE, next_at=NOW - FILL)

    assert chosen([*attaching, *some(50, 1, step=Step.PROMOTE)], more=True) == Group(
        step=Step.PROMOTE, job_ids=tuple(range(1, 51))
    )
    assert chosen([*attaching, *some(49, 1, step=Step.PROMOTE)], more=True) == Group(step=Step.ATTACH, job_ids=(500,))
    assert chosen([*attaching, *overdue], more=True) == Group(step=Step.PROMOTE, job_ids=(1,))


def test_fifty_go_in_a_call_in_the_order_served() -> None:
    assert chosen(some(60)) == Group(step=Step.CREATE, job_ids=tuple(range(1, 51)))


def test_kinds_and_targets_go_apart() -> None:
    waiting = [*some(2), *some(2, 11, kind="sales credit note"), *some(2, 21, target_status="DRAFT")]

    assert chosen(waiting) == Group(step=Step.CREATE, job_ids=(1, 2))


def test_contacts_of_all_kinds_go_together() -> None:
    waiting = [*some(1, 1, step=Step.CONTACT), *some(1, 2, step=Step.CONTACT, kind="bill")]

    assert chosen(waiting) == Group(step=Step.CONTACT, job_ids=(1, 2))


def test_faulty_one_goes_alone_and_holds_up_no_other() -> None:
    alone = replace(BULK, job_id=99, goes_alone=True)

    assert chosen([alone, *some(3)]) == Group(step=Step.CREATE, job_ids=(99,))
    assert chosen([*some(3), alone]) == Group(step=Step.CREATE, job_ids=(1, 2, 3))


@pytest.mark.parametrize(
    ("count", "more", "age", "job_ids", "wait"),
    [
        (10, True, 0, (), 60),
        (10, True, 59, (), 1),
        (10, True, 60, tuple(range(1, 11)), None),
        (10, False, 0, tuple(range(1, 11)), None),
        (50, True, 0, tuple(range(1, 51)), None),
    ],
)
def test_drafts_wait_for_fifty_but_not_for_long(
    count: int, more: bool, age: int, job_ids: tuple[int, ...], wait: int | None
) -> None:
    waiting = some(count, step=Step.PROMOTE, next_at=NOW - timedelta(seconds=age))

    group = chosen(waiting, more=more)

    assert group == Group(
        step=Step.PROMOTE, job_ids=job_ids, wait_until=NOW + timedelta(seconds=wait) if wait else None
    )
