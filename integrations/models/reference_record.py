from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class ReferenceKind(models.TextChoices):
    ACCOUNT = "account", "Ledger accounts"
    TAX_RATE = "tax rate", "Tax rates"
    TRACKING = "tracking", "Tracking options"
    CURRENCY = "currency", "Currencies"
    BRANDING_THEME = "branding theme", "Branding themes"
    ITEM = "item", "Items"
    CONTACT = "contact", "Contacts"


class ReferenceRecord(TenantModel):
    """One line of an organisation's reference data as Xero last told it; what Xero no longer lists is inactive."""

    connection = models.ForeignKey(
        XeroConnection, models.CASCADE, db_constraint=False, related_name="reference_records"
    )
    kind = models.CharField(max_length=20, choices=ReferenceKind)
    # Xero's id, or its code where it gives no id (tax types, currencies).
    key = models.CharField(max_length=100)
    # What rules name it by: account code, tax type, item code, account number of a contact.
    code = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=500)
    is_active = models.BooleanField(default=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "kind", "key"], name="reference_record_once")
        ]
        indexes = [models.Index(fields=["tenant", "connection", "kind", "code"], name="reference_record_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()
