"""Keeps Python's search for cycles out of work that makes very many objects, and hardly a cycle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def pause_collection() -> Iterator[None]:
    """
    What nobody has any more goes as ever; cycles go afterwards, or when the caller asks for it.

    The search looks through all objects of the process, Django's too, each time a quarter has been added to those it
    knows: of an import that took a fifth of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
