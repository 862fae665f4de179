"""Has PostgreSQL plan its checks of foreign keys anew, by how large the tables are now."""

from django.db import connection


def forget_plans() -> None:
    """
    For work that makes a table many times larger, at the end of each of its transactions.

    A connection keeps the plan of a check until the table is analysed. One made while the table was all but empty
    may look through every row of the tenant to find one, so that an import of n rows takes n² steps.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
