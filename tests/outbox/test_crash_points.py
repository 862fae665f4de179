"""One crash at each point of the table, for each kind, alone and in a batch: no duplicate, nothing lost."""

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from freightbridge.background_work.tasks import wake
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from integrations.mapping.source import DocumentKind
from tests.outbox.crash_points import CRASH_POINTS, ELSEWHERE, CrashPoint, Left
from tests.outbox.crash_scene import Scene, deliver, said
from tests.sending import Calls, documents, jobs, ours_in_xero, quiet_over
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
TESTS = Path(__file__).parents[1]
LOTS = {"single": 1, "batch": 3}
STATUSES = {"draft": "DRAFT", "final": "AUTHORISED", "deleted": "DELETED"}
QUOTE_STATUSES = {"draft": "SENT", "final": "SENT", "deleted": "DELETED"}
CASES = [
    pytest.param(point.of(kind), kind, count, id=f"{point.name}-{kind}-{lot}".replace(" ", "_"))
    for point in CRASH_POINTS
    for kind in point.kinds
    for lot, count in LOTS.items()
]


@pytest.mark.parametrize(("point", "kind", "count"), CASES)
def test_crash_leaves_each_document_in_xero_once(
    tenant: Tenant, xero: SandboxProcess, point: CrashPoint, kind: DocumentKind, count: int
) -> None:
    scene = Scene(
        tenant=tenant, xero=xero, kind=kind, count=count, has_pdf=point.has_pdf, are_newcomers=point.are_newcomers
    )
    scene.set_up()
    everything, since_crash = Calls(xero), Calls(xero)

    crash(scene, point)
    since_crash.forget()
    check_what_is_left(scene, point.leaves)
    point.meanwhile(scene)
    scene.go_on()
    point.between(scene)
    quiet_over(tenant)
    scene.go_on()
    point.afterwards(scene)

    assert said(since_crash) == point.calls(kind, count)
    check_end(scene, point)
    check_every_write_was_intended(scene, everything)
    check_nothing_is_left_to_do(scene)


def crash(scene: Scene, point: CrashPoint) -> None:
    """Once, but for what kills whoever touches it."""
    with pytest.MonkeyPatch.context() as patch:
        dies_of = point.strikes(scene, patch)
        with pytest.raises(dies_of) if dies_of else nullcontext():
            scene.hand_over()
            if scene.is_heard:
                deliver()
        for _ in range(point.crashes - 1):
            with pytest.raises(dies_of):
                scene.go_on()


def check_what_is_left(scene: Scene, left: Left) -> None:
    """A worker that is dead holds the lane until its lease runs out: nobody can do anything before."""
    expected = [(left.state, left.step)] * scene.count if left.state else []
    assert jobs(scene.tenant, "state", "step") == expected
    assert statuses(scene) == in_xero(scene, left.in_xero)
    assert all(timedelta(seconds=60) < wait < timedelta(seconds=120) for wait in scene.waits_for_a_look())
    assert scene.lane_is_held() == left.lane_is_held
    if left.lane_is_held:
        calls = Calls(scene.xero)
        deliver()
        assert calls.made() == []


def check_end(scene: Scene, point: CrashPoint) -> None:
    """`skipped`: the first document, where it never came to be."""
    tenant, skipped = scene.tenant, 1 if point.first_ends else 0
    ends = [point.first_ends or point.ends] + [point.ends] * (scene.count - 1)
    assert [state for operation, state in jobs(tenant, "operation", "state") if operation == "create"] == ends
    found = statuses(scene)
    strays = in_xero(scene, point.strays)
    assert sorted(found) == sorted(in_xero(scene, point.in_xero)[skipped:] + strays)
    if found:
        here = [(str(id_), str(total)) for id_, total in documents(tenant, "xero_id", "total")]
        there = ours_in_xero(scene.xero, "id", "total", "status")
        assert [one[:2] for one in there if not strays or one[2] not in strays] == here[skipped:]
    assert {len(files) for files in ours_in_xero(scene.xero, "attachments")} <= {1 if point.has_pdf else 0}


def check_every_write_was_intended(scene: Scene, calls: Calls) -> None:
    """I4 of the invariants: it was committed before, with that key and those very bytes."""
    writes = [one for one in calls.entries() if one["method"] != "GET"]
    assert {(one["idempotency_key"], one["request_hash"]) for one in writes} <= scene.intents()


def check_nothing_is_left_to_do(scene: Scene) -> None:
    """Nudges carry no meaning: two more find nothing."""
    calls = Calls(scene.xero)
    scene.let_time_pass()
    wake(queue=Queue.BULK)
    wake(queue=Queue.BULK)
    assert calls.made() == []


def statuses(scene: Scene) -> list[str]:
    return ours_in_xero(scene.xero, "status")


def in_xero(scene: Scene, word: str) -> list[str]:
    names = QUOTE_STATUSES if scene.kind == DocumentKind.QUOTE else STATUSES
    return [] if word in {"", "nothing"} else [names[word]] * scene.count


def test_what_is_not_acted_out_here_is_elsewhere() -> None:
    for path, name in ELSEWHERE.values():
        assert f"def test_{name}(" in (TESTS / path).read_text()
