"""A page for each code that people meet: what it means, who can mend it, and where."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from freightbridge.access.models import tenants_of
from freightbridge.access.permission_checks import signed_in
from freightbridge.access.roles import roles_with
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import directory_scope
from freightbridge.ui.page_address import page_address
from integrations.problem_catalogue.codes import CATALOGUE, Entry, MendPage
from integrations.problem_catalogue.help_texts import HELP, HelpText
from integrations.web.mend_address import NEEDED

# What each shipment, document or customer has for itself: its page is found by the shipments that are stopped.
OF_SHIPMENTS = {MendPage.SHIPMENT, MendPage.DOCUMENT, MendPage.CUSTOMER}


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    entry: Entry
    help: HelpText
    sentence: str
    alias: str

    @property
    def text(self) -> str:
        """What a search looks through."""
        words = (self.entry.code, self.entry.title, self.sentence, self.alias, self.help.meaning)
        return " ".join(words).lower()


@signed_in
def help_errors(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    pages = [_page(entry) for entry in CATALOGUE.values()]
    found = [page for page in pages if all(word in page.text for word in wanted.lower().split())]
    return render(request, "help/errors.html", {"pages": found, "wanted": wanted})


@signed_in
def help_error(request: HttpRequest, code: str) -> HttpResponse:
    """With a link for each of the person's companies, since the page stands outside them."""
    entry = CATALOGUE.get(code.upper())
    if entry is None:
        raise Http404
    with directory_scope():
        tenants = tenants_of(request.user)  # type: ignore[arg-type]
    needed = NEEDED.get(entry.page)
    context = {
        "page": _page(entry),
        "who": [role.title for role in roles_with(needed)] if needed else [],
        "links": [(tenant.name, _address(tenant, entry)) for tenant in tenants if entry.page != MendPage.NONE],
        "mend": "See the shipments it stops" if entry.page in OF_SHIPMENTS else entry.mend,
    }
    return render(request, "help/error.html", context)


def _page(entry: Entry) -> HelpPage:
    return HelpPage(
        entry=entry, help=HELP[entry.code], sentence=_unfilled(entry.sentence), alias=_unfilled(entry.alias)
    )


def _unfilled(sentence: str) -> str:
    """With an ellipsis where a document's own words stand."""
    return "" if sentence == "{text}" else sentence.format_map(Ellipses())


class Ellipses(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return "…"


def _address(tenant: Tenant, entry: Entry) -> str:
    if entry.page in OF_SHIPMENTS:
        return f"{page_address(tenant, 'shipments')}?cause={entry.code}"
    return page_address(tenant, entry.page)
