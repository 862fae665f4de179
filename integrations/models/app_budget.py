from django.db import models


class AppBudget(models.Model):
    """
    What all lanes share: Xero's limit for an app. One row for each client id.

    No tenant: it is about nobody's data.
    """

    client_id = models.CharField(max_length=100, unique=True)
    # `lanes/app_pace.py` says what this means; null: nothing was taken yet.
    paced_until = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    # After an outage lanes come back one by one: not before this.
    next_resume_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"calls of {self.client_id}"
