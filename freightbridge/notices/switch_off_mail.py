"""The address in a mail that switches its kind off without signing in: signed, and good for nothing else."""

from dataclasses import dataclass

from django.core import signing
from django.core.exceptions import ValidationError
from django.urls import reverse

from freightbridge.access.models import Membership
from freightbridge.notices.mail_kinds import MailKind
from freightbridge.notices.models import Mail, MailSwitchedOff
from freightbridge.tenancy.models import Tenant

SALT = "freightbridge.notices.switch_off_mail"


class SwitchOffLinkError(Exception):
    """It was not made by us, or who got it works for the company no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchOff:
    tenant: Tenant
    membership_id: str
    kind: MailKind


def switch_off_address(mail: Mail, tenant: Tenant) -> str:
    token = signing.dumps([str(tenant.public_id), str(mail.membership.public_id), mail.kind], salt=SALT)
    return reverse("switch_off_mail", args=[token])


def read_switch_off(token: str) -> SwitchOff:
    """Raises SwitchOffLinkError."""
    try:
        tenant_id, membership_id, kind = signing.loads(token, salt=SALT)
        return SwitchOff(
            tenant=Tenant.objects.get(public_id=tenant_id), membership_id=membership_id, kind=MailKind(kind)
        )
    except (signing.BadSignature, ValueError, ValidationError, Tenant.DoesNotExist) as error:
        raise SwitchOffLinkError from error


def member_of(wanted: SwitchOff) -> Membership:
    """In the tenant's scope. Raises SwitchOffLinkError."""
    try:
        return Membership.objects.select_related("user").get(public_id=wanted.membership_id)
    except (Membership.DoesNotExist, ValidationError) as error:
        raise SwitchOffLinkError from error


def choose_mail(member: Membership, kind: MailKind, *, is_wanted: bool) -> None:
    """In the tenant's scope."""
    if is_wanted:
        MailSwitchedOff.objects.filter(membership=member, kind=kind).delete()
    else:
        MailSwitchedOff.objects.get_or_create(membership=member, kind=kind)
