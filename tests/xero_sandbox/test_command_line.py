import signal
import subprocess
import sys
from pathlib import Path

import pytest

from integrations.xero_sandbox.command_line import main
from tests.xero_sandbox.company_client import Http
from tests.xero_sandbox.sandbox_process import ROOT, SandboxProcess, start_process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_prints_one_line_and_ends_cleanly(number: signal.Signals) -> None:
    process, url = start_process()
    http = Http(url)
    status = http("GET", "/_sandbox/health").status
    http.pool.clear()

    process.send_signal(number)
    rest, _ = process.communicate(timeout=10)

    assert (status, process.returncode, rest) == (200, 0, "")


def test_faults_come_from_a_file_and_limits_are_real(tmp_path: Path) -> None:
    file = tmp_path / "faults.toml"
    file.write_text('seed = 3\n[[rules]]\nfault = "error"\nstatus = 503\npath = "/Currencies"\n')
    process, url = start_process("--faults", str(file))
    sandbox = SandboxProcess(Http(url))
    au = sandbox.connect("AU")

    statuses = [au.get("Currencies").status, au.get("Accounts").status]
    left = au.get("Accounts").headers["X-MinLimit-Remaining"]

    process.terminate()
    process.communicate(timeout=10)
    sandbox.http.pool.clear()
    assert (statuses, left) == ([503, 200], "58")


def test_rule_from_a_file_names_its_organisation(tmp_path: Path) -> None:
    file = tmp_path / "faults.toml"
    file.write_text('[[rules]]\nfault = "error"\norganisation = "NZ"\n')
    process, url = start_process("--faults", str(file))
    sandbox = SandboxProcess(Http(url))

    statuses = [sandbox.connect(country).get("Currencies").status for country in ("AU", "NZ")]

    process.terminate()
    process.communicate(timeout=10)
    sandbox.http.pool.clear()
    assert statuses == [200, 500]


def test_manage_command_becomes_the_sandbox_itself(tmp_path: Path) -> None:
    """So that whoever ends the command ends the sandbox; and its files are those of the caller's folder."""
    command = [sys.executable, str(ROOT / "manage.py"), "xero_sandbox", "--bind", "127.0.0.1:0", "--state", "state"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().removeprefix("Xero sandbox on ").strip()
    http = Http(url)
    status = http("GET", "/_sandbox/health").status
    http.pool.clear()

    process.terminate()
    process.communicate(timeout=10)

    assert (status, process.returncode, (tmp_path / "state").exists()) == (200, 0, True)


def test_clock_at_sixty_times_its_speed() -> None:
    process, url = start_process("--clock", "x60", "--faults", "none")
    sandbox = SandboxProcess(Http(url))
    au = sandbox.connect("AU")
    before = sandbox.now()

    au.get("Accounts", headers={"X-Sandbox-Fault": "latency;seconds=12"})

    passed = (sandbox.now() - before).total_seconds()
    refused = sandbox.http("POST", "/_sandbox/clock", json_body={"advance": 5}).status
    process.terminate()
    process.communicate(timeout=10)
    sandbox.http.pool.clear()
    assert (12 <= passed < 60, refused) == (True, 400)


def test_sandbox_that_cannot_start_says_why(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    diary.write_text("my diary")
    process, url = start_process()
    taken = url.removeprefix("http://")

    ended = [
        subprocess.run(
            [sys.executable, "-m", "integrations.xero_sandbox", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        for arguments in (["--bind", taken], ["--bind", "127.0.0.1:0", "--state", str(diary)])
    ]

    process.terminate()
    process.communicate(timeout=10)
    assert [each.returncode for each in ended] == [1, 1]
    assert "address already in use" in ended[0].stderr
    assert (
        ended[1].stderr
        == f"The Xero sandbox does not start: {diary} is not the state of a Xero sandbox of this version.\n"
    )
    assert diary.read_text() == "my diary"


@pytest.mark.parametrize(
    "arguments", [["--bind", "nowhere"], ["--clock", "backwards"], ["--limits", "some"], ["--faults", "/no/such/file"]]
)
def test_wrong_arguments_are_refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert f"argument {arguments[0]}: " in capsys.readouterr().err
