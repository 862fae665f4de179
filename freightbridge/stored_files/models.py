from django.db import models

from freightbridge.tenancy.models import TenantModel


class StoredFile(TenantModel):
    """Bytes of one tenant: an upload, a PDF, a logo. The same bytes are kept once."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "sha256"], name="stored_file_once")]

    def __str__(self) -> str:
        return f"{self.content_type}, {self.size} bytes"
