from django.db import models

from freightbridge.tenancy.models import TenantModel


class MendWatch(TenantModel):
    """
    A person has mended a cause, and what it held up is on its way; the row goes once he has been told how it went.

    `jobs`: ids of the sync jobs that went on; `send_number`: the send of what had not been sent yet, or null.
    """

    title = models.CharField(max_length=300)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
    jobs = models.JSONField(default=list)
    send_number = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.title
