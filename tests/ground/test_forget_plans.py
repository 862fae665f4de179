"""A plan that was made for an empty table is not kept once the table is large."""

import json

import pytest
from django.db import connection, transaction

from freightbridge.forget_plans import forget_plans

pytestmark = pytest.mark.django_db(transaction=True)
COST = "EXPLAIN (FORMAT JSON) EXECUTE look_up (1)"


def test_plan_goes_by_the_size_that_the_table_has_now() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute("CREATE TEMPORARY TABLE grown (number integer) ON COMMIT DROP")
        cursor.execute("PREPARE look_up (integer) AS SELECT number FROM grown WHERE number = $1")
        try:
            empty = cost()
            cursor.execute("INSERT INTO grown SELECT generate_series(1, 20000)")
            kept = cost()

            forget_plans()

            assert empty == kept < cost()
        finally:
            cursor.execute("DEALLOCATE look_up")


def cost() -> float:
    with connection.cursor() as cursor:
        cursor.execute(COST)
        (found,) = cursor.fetchone()
    plans = json.loads(found) if isinstance(found, str) else found
    return float(plans[0]["Plan"]["Total Cost"])
