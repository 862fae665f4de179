"""The accounts of one side as the options of a list, drawn once for all the rows of a page that choose from them."""

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from integrations.mapping.rules import OrganisationRules
from integrations.web.account_choices import account_choices, refused_accounts


class AccountOptions:
    """Hundreds of codes times hundreds of accounts would otherwise be drawn one by one."""

    def __init__(self, rules: OrganisationRules, *, side: str) -> None:
        offered, refused = account_choices(rules, side=side), refused_accounts(rules, sides=(side,))
        values = {"side": side, "offered": offered, "refused": refused}
        self._drawn = render_to_string("integrations/account_options.html", values)

    def with_chosen(self, code: str) -> SafeString:
        """`code`: none where it is empty, or where it is no account."""
        option = f'<option value="{escape(code)}"'
        marked = self._drawn.replace(option, f"{option} selected", 1) if code else self._drawn
        return SafeString(marked)
