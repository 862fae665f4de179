"""
How a worker is struck: at the seams of the code, with its logic left alone.

Killed is who raises an exception that no code of ours may catch: PostgreSQL takes back what was not committed, as it
does when a process's connection ends, and nothing runs that would have run afterwards.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import OperationalError
from redis import Redis

from freightbridge.background_work import wake_worker
from freightbridge.background_work.work_kinds import Queue
from freightbridge.celery import app
from integrations.outbox import deliver as delivery
from integrations.outbox import enqueue_job, plan_call
from integrations.outbox.record_attempt import Answered
from integrations.outbox.steps import create_step
from integrations.xero_gateway import sdk
from integrations.xero_gateway.gateway import PATHS
from tests.background_work.test_wake_worker import celery_with
from tests.outbox.crash_scene import Scene


class KilledError(BaseException):
    """The process is gone."""


# Set before anything is handed over. Answers with what the process will die of, None where nobody dies.
Strike = Callable[[Scene, pytest.MonkeyPatch], type[BaseException] | None]


def dies_entering(
    module: Any, name: str, *, when: Callable[..., bool] = lambda *_: True, of: type[BaseException] = KilledError
) -> Strike:
    """`when` is asked with the arguments by position."""

    def strike(_scene: Scene, patch: pytest.MonkeyPatch) -> type[BaseException]:
        standing = getattr(module, name)

        def entered(*arguments: Any, **keywords: Any) -> Any:
            if when(*arguments):
                raise of
            return standing(*arguments, **keywords)

        patch.setattr(module, name, entered)
        return of

    return strike


before_the_commit = dies_entering(enqueue_job, "wake_delivery")
before_the_nudge = dies_entering(wake_worker, "wake")
after_the_claim = dies_entering(delivery, "open_gateway")
before_the_intent = dies_entering(plan_call, "record_intents", when=lambda _held, step, _calls: step == "create")


def storing(step: str, *, of: type[BaseException] = KilledError) -> Strike:
    """With Xero's answer in hand."""
    return dies_entering(
        delivery, "record_outcomes", when=lambda answered: answered[0].intent.attempt.step == step, of=of
    )


def without_database_storing(step: str) -> Strike:
    """The worker lives, and cannot write down what it heard."""
    return storing(step, of=OperationalError)


def sending(call: str, *, is_answered: bool) -> Strike:
    """With the intent committed: before the first byte leaves, or while Xero's answer is on its way."""

    def strike(scene: Scene, patch: pytest.MonkeyPatch) -> type[BaseException]:
        def killed(*arguments: Any, **keywords: Any) -> None:
            if is_answered:
                send(*arguments, **keywords)
            raise KilledError

        send = sdk.send
        _instead_of(call, killed, scene, patch)
        return KilledError

    return strike


def held_back(call: str) -> Strike:
    """The request has left and the network keeps it; the worker dies waiting."""

    def strike(scene: Scene, patch: pytest.MonkeyPatch) -> type[BaseException]:
        def kept(*arguments: Any, **keywords: Any) -> None:
            scene.held_back.append((arguments, keywords))
            raise KilledError

        _instead_of(call, kept, scene, patch)
        return KilledError

    return strike


def answer_lost(call: str) -> Strike:
    """Xero does it, and the connection ends before it has answered. Nobody dies."""

    def strike(scene: Scene, _patch: pytest.MonkeyPatch) -> None:
        method, path = _address(call, scene)
        scene.xero.fault("lost_answer", method=method, path=path, times=1)

    return strike


def stored(step: str) -> Strike:
    """With the outcome of that step committed, before anything else is planned."""

    def strike(_scene: Scene, patch: pytest.MonkeyPatch) -> type[BaseException]:
        record, plan, written = delivery.record_outcomes, delivery.plan_call, []

        def recorded(answered: Sequence[Answered], **keywords: Any) -> None:
            record(answered, **keywords)
            written.append(answered[0].intent.attempt.step)

        def planned(*arguments: Any, **keywords: Any) -> Any:
            if step in written:
                raise KilledError
            return plan(*arguments, **keywords)

        patch.setattr(delivery, "record_outcomes", recorded)
        patch.setattr(delivery, "plan_call", planned)
        return KilledError

    return strike


def asleep_before_sending(_scene: Scene, patch: pytest.MonkeyPatch) -> None:
    """Stopped with the intent of the create committed, and woken ten seconds later; the lane is still its own."""
    plan = delivery.plan_call

    def planned(*arguments: Any, **keywords: Any) -> Any:
        found = plan(*arguments, **keywords)
        is_create = any(one.attempt.step == "create" for one in found.intents)
        return replace(found, committed_at=found.committed_at - 10) if is_create else found

    patch.setattr(delivery, "plan_call", planned)


def redis_emptied(scene: Scene, patch: pytest.MonkeyPatch) -> None:
    """The nudge is there, and gone before a worker reads it. Under a prefix, since others use the same server."""
    nudge, prefix = wake_worker.wake, f"fbtest:{uuid4().hex}:"

    def emptied(queue: Queue, **keywords: Any) -> None:
        options = {**app.conf.broker_transport_options, "global_keyprefix": prefix}
        with celery_with(broker_transport_options=options), Redis.from_url(settings.REDIS_URL) as client:
            nudge(queue, **keywords)
            assert client.llen(f"{prefix}{queue.value}") == 1
            client.delete(*client.keys(f"{prefix}*"))
        scene.is_heard = False

    patch.setattr(wake_worker, "wake", emptied)


def building_the_first(scene: Scene, patch: pytest.MonkeyPatch) -> type[BaseException]:
    """Whoever puts together the bytes of the first document dies of them."""
    freeze = create_step.freeze_documents

    def frozen(found: list[Any], **keywords: Any) -> bytes:
        if any(one.number == scene.numbers[0] for one in found):
            raise KilledError
        return freeze(found, **keywords)

    patch.setattr(create_step, "freeze_documents", frozen)
    return KilledError


def nothing_strikes(_scene: Scene, _patch: pytest.MonkeyPatch) -> None:
    """All goes well, so far."""


def _instead_of(call: str, act: Callable[..., None], scene: Scene, patch: pytest.MonkeyPatch) -> None:
    """On the transport: above it stands all of our code, below it the socket."""
    send, (method, part) = sdk.send, _address(call, scene)

    def sent(*arguments: Any, **keywords: Any) -> Any:
        used, url = arguments
        path = urlsplit(url).path
        fits = used == method and (path.endswith(part) or (call == "attach" and part in path))
        return act(*arguments, **keywords) if fits else send(*arguments, **keywords)

    patch.setattr(sdk, "send", sent)


def _address(call: str, scene: Scene) -> tuple[str, str]:
    """Method, and what stands in the path."""
    path = f"/{PATHS[scene.kind]}"
    return {
        "create contact": ("PUT", "/Contacts"),
        "create": ("PUT", path),
        "attach": ("PUT", "/Attachments/"),
        "approve": ("POST", path),
    }[call]
