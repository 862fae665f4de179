from django.db import models

from freightbridge.tenancy.models import TenantModel
from invoices.models.charge_code import ChargeCode


class ChargeCodeMatch(TenantModel):
    """What a carrier's charge code is among ours; remembered, so the next message with it matches itself."""

    # Both as `intake/edi/message_codes.py` remembers them.
    carrier = models.CharField(max_length=100)
    code = models.CharField(max_length=30)
    charge_code = models.ForeignKey(ChargeCode, models.CASCADE, db_constraint=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "carrier", "code"], name="charge_code_match_once")]

    def __str__(self) -> str:
        return f"{self.code} of {self.carrier} is {self.charge_code}"
