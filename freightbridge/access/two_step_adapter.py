"""How allauth keeps the secrets of authenticator apps and recovery codes, and what a passkey is tied to."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from freightbridge.encryption import Place, seal, unseal

# allauth names no row to the adapter; a person belongs to several tenants.
PLACE = Place(table="mfa_authenticator", column="data", tenant_id=0, row="")


class TwoStepAdapter(DefaultMFAAdapter):
    """Secrets are sealed with FB_KEYRING: a copy of the database opens no second step."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, place=PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), place=PLACE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host alone: a passkey made here works on every port and page of it, and nowhere else."""
        return {"id": settings.ALLOWED_HOSTS[0], "name": "FreightBridge"}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 allauth's name
        """What stands in the form until the person writes something better."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}" if count else "Passkey"
