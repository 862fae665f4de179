from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from freightbridge.access.recent_sign_in import is_recent


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin's invitation, never by a stranger."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, **_where: Any) -> bool:
        """A sign-in counts as a proof for the pages of the second step too, as it does everywhere else here."""
        return not is_recent(self.request)
