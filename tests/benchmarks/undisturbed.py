"""What a thing takes by itself, of many times that it was measured."""

from collections.abc import Sequence
from statistics import fmean


def undisturbed(times: Sequence[float]) -> float:
    """
    The mean of the faster half. What else a machine does adds to some of them and takes from none, now more and now
    less: of 320 ratios of medians 26 differed by more than 15 % when measured again, of these 4.
    """
    return fmean(sorted(times)[: (len(times) + 1) // 2])
