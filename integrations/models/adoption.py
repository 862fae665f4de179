from django.db import models
from django.db.models import F

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class AdoptionBand(models.TextChoices):
    """How sure it is that what stands in Xero is what we have."""

    EXACT = "exact", "Exact"
    LIKELY = "likely", "Likely"
    DOUBTFUL = "doubtful", "Doubtful"
    NONE = "none", "Not found"


class AdoptionSearch(TenantModel):
    """A person's question which of our documents Xero has already. Answering it writes nothing to Xero."""

    connection = models.ForeignKey(XeroConnection, models.PROTECT, db_constraint=False, related_name="adoptions")
    number = models.PositiveIntegerField()
    # One shipment or invoice of ours, and its number or address in Xero; else all that are dated so.
    ours = models.CharField(max_length=100, blank=True)
    theirs = models.CharField(max_length=300, blank=True)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    # Null while Xero is still being read.
    found_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    read_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="adoption_search_number_once")]
        indexes = [models.Index(F("tenant"), F("number").desc(), name="adoption_search_newest")]

    def __str__(self) -> str:
        return f"Search {self.number}"


class AdoptionMatch(TenantModel):
    """One of ours, a shipment that is ready or an invoice that was not sent, with what Xero has like it."""

    search = models.ForeignKey(AdoptionSearch, models.CASCADE, db_constraint=False, related_name="matches")
    shipment = models.ForeignKey("invoices.Shipment", models.CASCADE, null=True, db_constraint=False, related_name="+")
    invoice = models.ForeignKey("invoices.Invoice", models.CASCADE, null=True, db_constraint=False, related_name="+")
    band = models.CharField(max_length=10, choices=AdoptionBand)
    # {"number", "contact", "total", "currency", "date"}; theirs is Xero's own element, empty where nothing was found.
    ours = models.JSONField(default=dict)
    theirs = models.JSONField(default=dict)
    # A person said that it is the same; a worker takes it over.
    wanted_at = models.DateTimeField(null=True)
    wanted_by = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    adopted_at = models.DateTimeField(null=True)
    # A person found out that it was another one: the shipment can be sent again.
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "search", "band", "id"], name="adoption_match_band")]

    def __str__(self) -> str:
        return f"{self.ours.get('number', '')}: {self.get_band_display()}"
