from django.db import models

from freightbridge.sealed_text import SealedText
from freightbridge.tenancy.models import TenantModel


class XeroGrant(TenantModel):
    """
    One consent of one person in Xero, with its token set; several connections may share it.

    `version` rises with every stored token set: two workers that refreshed at once cannot both store.
    """

    xero_user_id = models.UUIDField()
    access_token_sealed = models.BinaryField(default=b"")
    refresh_token_sealed = models.BinaryField(default=b"")
    # Xero honours the token before the last for 30 minutes; it is tried should the last one be refused.
    previous_refresh_token_sealed = models.BinaryField(default=b"")
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    # Until then nobody else refreshes: somebody is at it, or it failed and the next try is due then.
    refresh_lease_until = models.DateTimeField(null=True)
    # When the first of the tries began of which none has succeeded yet.
    refresh_started_at = models.DateTimeField(null=True)
    refresh_failures = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)

    access_token = SealedText()
    refresh_token = SealedText()
    previous_refresh_token = SealedText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "xero_user_id"], name="xero_grant_user_once")]

    def __str__(self) -> str:
        return f"grant of {self.xero_user_id}"
