from django.db import models

from freightbridge.tenancy.models import TenantModel


class KeptReply(TenantModel):
    """What a call with an Idempotency-Key was answered, written in the transaction of what it did."""

    key = models.CharField(max_length=255)
    # SHA-256 over method, path and body: the same key with another request is refused.
    request_sha256 = models.CharField(max_length=64)
    # For the page that shows what came in: the key by its name; empty of what came before that page did.
    caller = models.CharField(max_length=100, blank=True, default="", db_default="")
    method = models.CharField(max_length=10, blank=True, default="", db_default="")
    path = models.TextField(blank=True, default="", db_default="")
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    location = models.CharField(max_length=300, blank=True)
    replied_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="kept_reply_key_once")]
        indexes = [models.Index(fields=["tenant", "replied_at"], name="kept_reply_oldest")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
