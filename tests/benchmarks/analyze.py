"""What PostgreSQL knows of the tables, as it would know it a minute after they were filled."""


def analyze() -> None:
    """As their owner. Without it a plan may read all of a tenant's rows where it needs one."""
    from django.db import connections  # noqa: PLC0415 Django first

    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
