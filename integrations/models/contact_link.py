from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class MatchedBy(models.TextChoices):
    ACCOUNT_NUMBER = "account number", "Account number"
    CREATED = "created", "Created by FreightBridge"
    HAND = "hand", "By hand"


class ContactLink(TenantModel):
    """Customer code → contact. Once it stands, documents name the contact by its id and by nothing else."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_constraint=False, related_name="contact_links")
    customer_code = models.CharField(max_length=50)
    contact_id = models.UUIDField()
    contact_name = models.CharField(max_length=255)
    matched_by = models.CharField(max_length=20, choices=MatchedBy)
    matched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "customer_code"], name="contact_link_once")
        ]

    def __str__(self) -> str:
        return f"{self.customer_code} → {self.contact_name}"
