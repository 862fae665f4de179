"""A server of this folder as a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from freightbridge.environment import CHECKOUT


@contextmanager
def port_of(module: str) -> Iterator[int]:
    """Its port on 127.0.0.1, which the module prints once it listens."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
