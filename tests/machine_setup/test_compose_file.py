"""Nobody here runs `docker-compose.yml`: what each of its commands names must at least exist in the project."""

import importlib
import re
import shlex
from typing import Any

import pytest
import yaml
from celery.bin.worker import worker
from click import Context
from django.core.management import get_commands

from freightbridge.background_work.work_kinds import Queue
from freightbridge.environment import CHECKOUT, VARIABLES

FILE = CHECKOUT / "docker-compose.yml"
OURS = "x-app"
ARGUMENT = re.compile(r"(?<!\$)\$\{(\w+)(:\?)?\}")
PASSWORDS = {"APP_PASSWORD", "OWNER_PASSWORD", "SUPERUSER_PASSWORD"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(FILE.read_text())["services"]
    return read


def started(services: dict[str, Any], program: str) -> dict[str, list[str]]:
    """The arguments of the services that start this program, by service."""
    commands = {name: [str(word) for word in service.get("command", [])] for name, service in services.items()}
    return {name: words[1:] for name, words in commands.items() if words and words[0] == program}


def test_each_queue_has_workers_of_its_own_and_none_is_left_out(services: dict[str, Any]) -> None:
    workers = started(services, "celery")

    served = [words[words.index("-Q") + 1] for words in workers.values()]
    assert sorted(served) == sorted(queue.value for queue in Queue)
    for words in workers.values():
        assert words[0] == "-A"
        assert importlib.import_module(words[1]).app.main == "freightbridge"
        _, strays, _ = worker.make_parser(Context(worker)).parse_args(words[3:])
        assert (words[2], strays) == ("worker", [])


def test_web_is_several_processes_that_share_nothing_but_the_servers(services: dict[str, Any]) -> None:
    (words,) = started(services, "gunicorn").values()
    module = importlib.import_module(words[0])
    first, last = services["web"]["ports"][0].split(":")[0].split("-")

    assert callable(module.application)
    assert 1 < services["web"]["deploy"]["replicas"] <= int(last) - int(first) + 1


def test_migration_runs_once_before_all_others_and_by_commands_that_exist(services: dict[str, Any]) -> None:
    (script,) = (words[1] for words in started(services, "sh").values())
    named = [words[2] for step in script.split("&&") if (words := shlex.split(step))[:2] == ["python", "manage.py"]]

    assert named == ["prepare_database", "migrate"]
    assert set(named) <= set(get_commands())
    assert services["migrate"]["restart"] == "no"
    others = [one for name, one in services.items() if "build" in one and name != "migrate"]
    assert len(others) == 5
    assert all(one["depends_on"]["migrate"]["condition"] == "service_completed_successfully" for one in others)


def test_whoever_is_waited_for_says_when_it_is_well(services: dict[str, Any]) -> None:
    awaited = {
        name
        for service in services.values()
        for name, wish in service.get("depends_on", {}).items()
        if wish["condition"] == "service_healthy"
    }

    assert awaited == {"postgres", "redis"}
    assert all("healthcheck" in services[name] for name in {*awaited, "web"})


def test_secrets_come_from_the_environment_and_must_be_there(services: dict[str, Any]) -> None:
    asked = ARGUMENT.findall(FILE.read_text())
    given = {name: str(value) for one in services.values() for name, value in one.get("environment", {}).items()}

    assert {name for name, _ in asked} == PASSWORDS
    assert all(is_demanded for _, is_demanded in asked)
    assert set(given) - PASSWORDS - {"POSTGRES_PASSWORD"} <= set(VARIABLES)
    assert all("${" in value for name, value in given.items() if name != "REDIS_URL")
