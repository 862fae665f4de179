from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin's invitation, never by a stranger."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False
