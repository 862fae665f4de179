"""Who has a second step at his sign-in: an authenticator app or a passkey. Recovery codes alone are none."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator

SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_two_step(user_id: int) -> bool:
    return user_id in with_two_step([user_id])


def with_two_step(user_ids: Iterable[int]) -> set[int]:
    """Those of them who have one."""
    found = Authenticator.objects.filter(user_id__in=list(user_ids), type__in=SECOND_STEPS)
    return set(found.values_list("user_id", flat=True))
