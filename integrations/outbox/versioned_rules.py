"""Changes of the rules that people keep: each makes a version, and what was stopped by them goes on (N2, N20)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.connection_work import ASSESS_SHIPMENTS
from integrations.mapping.rule_rows import TABLES, RuleSet, RuleTable, difference_words
from integrations.models import RulesVersion, XeroConnection
from integrations.outbox.try_stopped import GoingOn, requeue_mended
from integrations.problem_catalogue.codes import MendPage
from integrations.reference_data.rule_store import put_row, read_rules, remove_row

MENDED = (MendPage.CHARGES, MendPage.TAXES, MendPage.LINES, MendPage.TRACKING, MendPage.ITEMS)
AS_IT_STOOD = "as the rules stood"


@contextmanager
def new_version(connection: XeroConnection, *, reason: str, by: str, now: datetime) -> Iterator[None]:
    """Around whatever changes rules, in one transaction. Nothing changed: no version."""
    XeroConnection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    before = read_rules(connection)
    if not RulesVersion.objects.filter(connection=connection).exists():
        _keep(connection, before, (), reason=AS_IT_STOOD, by=by, now=now)
    yield
    after = read_rules(connection)
    changes = difference_words(before, after)
    if changes:
        _keep(connection, after, changes, reason=reason, by=by, now=now)


def change_rules(
    connection: XeroConnection, change: Callable[[], object], *, reason: str, by: str, now: datetime
) -> GoingOn:
    """Returns which stopped documents go on."""
    with new_version(connection, reason=reason, by=by, now=now):
        change()
    record_event(action="rules changed", subject=connection, by=by, now=now, reason=reason)
    enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)
    return requeue_mended(connection, MENDED, now=now)


def replace_rules(connection: XeroConnection, wanted: RuleSet, *, tables: tuple[RuleTable, ...] = TABLES) -> None:
    """The rules are these and no others. Within `change_rules`."""
    standing = read_rules(connection)
    for table in tables:
        keys = {table.key_of(row) for row in wanted.get(table.name, ())}
        for row in standing[table.name]:
            if table.key_of(row) not in keys and table.name != "sending rule":
                remove_row(connection, table, row)
        for row in wanted.get(table.name, ()):
            put_row(connection, table, row)


def _keep(connection: XeroConnection, rules: RuleSet, changes: object, *, reason: str, by: str, now: datetime) -> None:
    last = RulesVersion.objects.filter(connection=connection).order_by("-number").first()
    RulesVersion.objects.create(
        connection=connection,
        number=last.number + 1 if last else 1,
        at=now,
        by=by,
        reason=reason,
        changes=changes,
        rules=rules,
    )
