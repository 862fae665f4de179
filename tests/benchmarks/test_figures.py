import pytest
from django.core.management import CommandError, call_command

from tests.benchmarks.figures import Figure


def figure(value: float, *, is_more_better: bool) -> Figure:
    return Figure(name="n", unit="ms", figure=value, floor=200, target=100, is_more_better=is_more_better)


@pytest.mark.parametrize(
    ("value", "is_more_better", "ratio", "is_reached"),
    [(50, False, 0.25, True), (400, False, 2, False), (400, True, 0.5, True), (50, True, 4, False)],
)
def test_ratio_tells_the_cost_whichever_way_is_better(
    value: float, is_more_better: bool, ratio: float, is_reached: bool
) -> None:
    told = figure(value, is_more_better=is_more_better).as_json()

    assert (told["ratio"], told["is_reached"]) == (ratio, is_reached)


def test_unknown_benchmark_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match=r"'lost-answers', .*'sandbox'"):
        call_command("bench", "nonsense")
