from django.db import models


class Heartbeat(models.Model):
    """
    One row for the whole installation: counts spans of real time, whatever the clocks of its machines say.

    No tenant: it is not about anybody.
    """

    tick = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"tick {self.tick}"


class RestoreEpoch(models.Model):
    """
    Written once after the database was restored from a backup: what came after `backup_at` may be in Xero
    without a row here. No tenant: it concerns all.
    """

    backup_at = models.DateTimeField()
    marked_at = models.DateTimeField()
    marked_tick = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"restored to {self.backup_at:%Y-%m-%d %H:%M}"
