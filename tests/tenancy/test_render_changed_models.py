"""What migrations render anew, and that their tables are those that Django makes by itself."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections, models
from django.db.migrations.state import ModelState, ProjectState

from freightbridge.database_roles import drop_database, make_database
from freightbridge.tenancy.migrate_as_owner import OWNER
from freightbridge.tenancy.render_changed_models import render_changed_models_only
from tests.addresses import owner_url

# All that migrations make, one line each.
TABLES = """
    SELECT format('%s %s %s %s', table_name, column_name, udt_name, concat(is_nullable, column_default))
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat(tablename, policyname, roles, cmd, qual, with_check) FROM pg_policies
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat(relname, relrowsecurity, relforcerowsecurity, relacl) FROM pg_class
    WHERE relkind IN ('r', 'S') AND relnamespace = 'public'::regnamespace
    ORDER BY 1
"""


@pytest.fixture
def state() -> ProjectState:
    """Two kinds of cargo of one ship, rendered."""
    found = ProjectState()
    key = ("id", models.BigAutoField(primary_key=True))
    found.add_model(ModelState("freight", "Ship", [key]))
    for name in ("Crate", "Drum"):
        ship = models.ForeignKey("freight.Ship", models.CASCADE)
        found.add_model(ModelState("freight", name, [key, ("ship", ship)]))
    assert found.apps
    return found


def add_field(state: ProjectState, name: str, field: Any) -> None:
    state.add_field("freight", "crate", name, field, preserve_default=True)


def test_only_the_changed_model_is_rendered_until_python_wants_them_all(state: ProjectState) -> None:
    before = state.apps.get_model("freight", "drum")

    with render_changed_models_only():
        add_field(state, "weight", models.IntegerField(default=0))

    assert state.apps.get_model("freight", "drum") is before
    assert state.apps.get_model("freight", "crate")._meta.get_field("weight")
    # As Django does it before it runs Python.
    state.clear_delayed_apps_cache()
    assert state.apps.get_model("freight", "drum") is not before
    ship = state.apps.get_model("freight", "ship")
    assert {one.related_model for one in ship._meta.related_objects} == {
        state.apps.get_model("freight", "crate"), state.apps.get_model("freight", "drum"),
    }  # fmt: skip


def test_new_relation_and_new_model_are_known_to_those_that_are_not_rendered(state: ProjectState) -> None:
    before = state.apps.get_model("freight", "drum")

    with render_changed_models_only():
        add_field(state, "beside", models.ForeignKey("freight.Drum", models.CASCADE, null=True))
        lid = ("drum", models.ForeignKey("freight.Drum", models.CASCADE))
        state.add_model(ModelState("freight", "Lid", [("id", models.BigAutoField(primary_key=True)), lid]))

    assert state.apps.get_model("freight", "drum") is before
    assert {one.related_model for one in before._meta.related_objects} == {
        state.apps.get_model("freight", "crate"), state.apps.get_model("freight", "lid"),
    }  # fmt: skip


def test_relation_that_changes_or_goes_renders_all_that_are_related(state: ProjectState) -> None:
    for change in (
        lambda: state.alter_field(
            "freight", "crate", "ship", models.ForeignKey("freight.Ship", models.PROTECT), preserve_default=True
        ),
        lambda: state.remove_field("freight", "crate", "ship"),
    ):
        before = state.apps.get_model("freight", "drum")

        with render_changed_models_only():
            change()

        assert state.apps.get_model("freight", "drum") is not before


@pytest.fixture
def fresh_database(db: None, django_db_blocker: Any) -> Iterator[None]:
    """In the place of the tests' own."""
    with django_db_blocker.unblock():
        own = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
        connections.close_all()
        for alias in connections:
            connections[alias].settings_dict["NAME"] = f"{own[OWNER]}_fresh"
        drop_database(owner_url=owner_url())
        yield
        connections.close_all()
        drop_database(owner_url=owner_url())
        for alias in connections:
            connections[alias].settings_dict["NAME"] = own[alias]


@pytest.mark.campaign
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_tables_are_those_that_django_makes_by_itself(fresh_database: None) -> None:
    ours = tables_by("migrate")
    djangos = tables_by(migrate.Command())

    assert len(ours) > 1000
    assert ours == djangos


def tables_by(command: Any) -> list[str]:
    drop_database(owner_url=owner_url())
    make_database(owner_url=owner_url())
    call_command(command, database=OWNER, verbosity=0)
    connections.close_all()
    connection = psycopg2.connect(owner_url())
    with connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = [str(line) for (line,) in cursor.fetchall()]
    connection.close()
    return found
