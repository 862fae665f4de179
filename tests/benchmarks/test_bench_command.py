"""All benchmarks are run whatever becomes of one, and the end says what was not reached."""

import json

import pytest
from django.core.management import CommandError, call_command

from invoices.management.commands import bench


@pytest.fixture(autouse=True)
def _samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "PACKAGE", "tests.benchmarks.samples")


def test_all_are_run_and_the_end_says_what_failed_and_what_missed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match=r"^broken: it ended with 3; slow missed a slow thing$"):
        call_command("bench")

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["benchmark", "broken", "good-one", "slow"]
    assert lines[3].endswith("1,400.0   2.00  ≤ 1,000.0  missed")
    assert lines[-3].split(" seconds in all: ")[1].startswith("broken ")
    assert lines[-2] == "Of slow, 0 are a load."
    assert lines[-1].endswith(" without these.")


def test_one_that_reaches_its_target_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("bench", "good-one", "--json")

    told = json.loads(capsys.readouterr().out)
    assert list(told["benchmarks"]) == ["good-one"]
    assert told["benchmarks"]["good-one"]["figures"][0]["ratio"] == 2.0
    assert told["seconds"] == pytest.approx(told["benchmarks"]["good-one"]["seconds"], abs=0.2)


def test_what_nobody_can_make_shorter_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError):
        call_command("bench", "--json")

    told = json.loads(capsys.readouterr().out)
    slow = told["benchmarks"]["slow"]
    assert slow["uncounted"] == {"a load": 0.1}
    assert len(slow["figures"]) == 1
    assert slow["counted_seconds"] == pytest.approx(slow["seconds"] - 0.1)
    assert told["counted_seconds"] == pytest.approx(told["seconds"] - 0.1)


def test_some_go_together_and_are_told_in_their_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "TOGETHER", [("broken", "slow")])
    with pytest.raises(CommandError):
        call_command("bench", "--json")

    output = capsys.readouterr()
    told = json.loads(output.out)
    assert output.err.splitlines() == ["broken and slow …", "good-one …"]
    assert list(told["benchmarks"]) == ["broken", "good-one", "slow"]
    assert [one["figures"][0]["name"] for one in told["benchmarks"].values()] == [
        "told before it fell",
        "a thing",
        "a slow thing",
    ]


def test_one_alone_takes_nothing_along() -> None:
    together = [("calls", "lost-answers", "poll")]

    assert [bench.grouped([name], together) for name in ("calls", "poll")] == [[("calls",)], [("poll",)]]
    assert bench.grouped(["claim", "lost-answers", "poll"], together) == [("claim",), ("lost-answers", "poll")]


def test_table_for_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("bench", "good-one", "--markdown")

    assert capsys.readouterr().out.splitlines()[:3] == [
        "| benchmark | figure | floor | measured | ratio | target |  |",
        "|---|---|---:|---:|---:|---:|---:|",
        "| good-one | a thing (ms) | 1.000 | 2.000 | 2.00 | ≤ 3.000 |  |",
    ]
