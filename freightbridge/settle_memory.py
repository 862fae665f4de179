"""Keeps Python's search for cycles away from what a process loads once and keeps until it ends."""

import gc

# Objects made beyond those that went, and rounds of the younger before the older are looked through.
THRESHOLDS = (20_000, 20, 50)


def settle_memory() -> None:
    """
    To be called when all is loaded: nearly two hundred thousand objects of Django, of its models and of ours, which
    would be looked through again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
