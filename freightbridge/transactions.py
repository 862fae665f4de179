"""Says where a transaction must be, and where none may be."""

from django.db import connection


class TransactionError(Exception):
    """Code ran inside a transaction it must stay out of, or outside one that it needs."""


def require_transaction() -> None:
    """For what must be saved together with its caller's rows, or not at all."""
    if not connection.in_atomic_block:
        raise TransactionError("This belongs to its caller's transaction, and there is none.")


def refuse_transaction() -> None:
    """For calls to another system: nobody's rows stay locked while it thinks, and a rollback undoes nothing there."""
    if connection.in_atomic_block:
        raise TransactionError("Another system is never called inside a database transaction.")


def wait_for_others(topic: str, *, of: int) -> None:
    """
    Until no other transaction holds the same topic of the same one, a tenant or a person by id; then it is this one's,
    until its end. What the others have saved can be seen from now on.
    """
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [topic, of])
