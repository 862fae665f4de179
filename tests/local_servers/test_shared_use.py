"""Who still uses a server is known by locks, which end with their process however it dies."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from freightbridge.environment import CHECKOUT
from freightbridge.local_servers.shared_use import Use, alone

HOLD = """
import sys, time
from pathlib import Path
from freightbridge.local_servers.shared_use import Use
use = Use(Path(sys.argv[1]))
print("holds", flush=True)
time.sleep(60)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "server.use"


def holder(lock: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, lock], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "holds\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_only_user_is_the_last_one(lock: Path) -> None:
    use = Use(lock)

    assert use.is_last()
    use.end()


def test_user_beside_others_is_not_the_last_one_until_they_end(lock: Path) -> None:
    first, second = Use(lock), Use(lock)
    before = first.is_last()

    second.end()

    assert (before, first.is_last()) == (False, True)
    first.end()


def test_process_that_is_killed_uses_nothing_any_more(lock: Path) -> None:
    process = holder(lock)
    use = Use(lock)
    before = use.is_last()

    end(process)

    assert (before, use.is_last()) == (False, True)
    use.end()


def test_one_at_a_time_is_alone(lock: Path) -> None:
    order: list[str] = []

    def enter(name: str) -> None:
        with alone(lock):
            order.append(f"{name} in")
            time.sleep(0.05)
            order.append(f"{name} out")

    threads = [threading.Thread(target=enter, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    pairs = [order[index : index + 2] for index in range(0, 6, 2)]
    assert sorted(pairs) == [[f"{name} in", f"{name} out"] for name in "abc"]


def test_lock_is_free_again_after_a_failure(lock: Path) -> None:
    with pytest.raises(ZeroDivisionError), alone(lock):
        1 / 0  # noqa: B018 the failure

    with alone(lock):
        pass
