from django.db import models


class Address(models.Model):
    """Where somebody is, as an invoice and Xero's contact want it."""

    street = models.TextField(max_length=500, blank=True)
    city = models.CharField(max_length=255, blank=True)
    region = models.CharField(max_length=255, blank=True)
    postal_code = models.CharField(max_length=50, blank=True)
    # Two letters, ISO 3166-1, or a country's name where an upload gave no code.
    country = models.CharField(max_length=50, blank=True)

    class Meta:
        abstract = True

    @property
    def address_lines(self) -> list[str]:
        town = " ".join(filter(None, [self.city, self.region, self.postal_code]))
        return [line.strip() for line in [*self.street.splitlines(), town, self.country] if line.strip()]
