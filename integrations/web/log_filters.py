"""Which entries of the accounting log an address asks for: on the page, and as a file."""

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import QueryDict

from freightbridge.tenancy.known_values import known_values
from freightbridge.tenancy.midnight import midnight, next_midnight
from freightbridge.ui.filter_widgets import FilterDate, FilterSelect, SearchInput
from freightbridge.ui.list_filters import ListFilters
from integrations.accounting_log.entries_of import entries_of_shipments, entries_with_documents
from integrations.accounting_log.find_entries import find_entries
from integrations.models import AccountingLogEntry
from integrations.problem_catalogue.codes import CATALOGUE
from integrations.web.state_words import DIRECTIONS, LOG_RESULTS

# What fits into an address.
MOST_SHIPMENTS = 200
# Who stands in the address for what nobody asked for; people stand there with their e-mail address.
SYSTEM = "system"
# In the address: with what was asked of Xero, or told by it, and had nothing new.
SHOWN = "shown"
# The lowest and the highest HTTP status; 0: no answer came.
STATUSES = {"2xx": (200, 299), "4xx": (400, 499), "429": (429, 429), "5xx": (500, 599), "none": (0, 0)}
STATUS_WORDS = {
    "2xx": "2xx accepted", "4xx": "4xx refused", "429": "429 too many calls", "5xx": "5xx fault of Xero's",
    "none": "No answer",
}  # fmt: skip


class LogFilters(ListFilters):
    result = django_filters.ChoiceFilter(
        label="Result",
        choices=[(result.value, pill.label) for result, pill in LOG_RESULTS.items()],
        widget=FilterSelect(),
        empty_label="Any",
    )
    code = django_filters.ChoiceFilter(
        label="Code",
        field_name="problem_code",
        choices=[(entry.code, f"{entry.code} {entry.title}") for entry in CATALOGUE.values()],
        widget=FilterSelect(),
        empty_label="Any",
    )
    status = django_filters.ChoiceFilter(
        label="HTTP status",
        method="answered",
        choices=list(STATUS_WORDS.items()),
        widget=FilterSelect(),
        empty_label="Any",
    )
    direction = django_filters.ChoiceFilter(
        label="Direction",
        choices=[(direction.value, words) for direction, words in DIRECTIONS.items()],
        widget=FilterSelect(),
        empty_label="Any",
    )
    checks = django_filters.ChoiceFilter(
        label="Checks without news",
        method="shown_too",
        choices=[(SHOWN, "Shown too")],
        widget=FilterSelect(),
        empty_label="Left out",
    )
    actor = django_filters.CharFilter(label="User", method="done_by", widget=FilterSelect())
    from_date = django_filters.DateFilter(label="From", method="since", widget=FilterDate())
    to_date = django_filters.DateFilter(label="To", method="until", widget=FilterDate())
    # After the others: it looks among what they leave.
    q = django_filters.CharFilter(
        label="Search", method="search", widget=SearchInput(placeholder="Document, support code, Xero's id, or words")
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        # Whom the address asks for is offered too, though nobody of that name ever did anything.
        people = {*known_values(AccountingLogEntry, "actor"), self.data.get("actor", "")} - {"", SYSTEM}
        offered = [("", "Anybody"), (SYSTEM, "The system"), *((one, one) for one in sorted(people))]
        self.form.fields["actor"].widget.choices = offered

    def filter_queryset(self, queryset: QuerySet[AccountingLogEntry]) -> QuerySet[AccountingLogEntry]:
        """Four checks an hour without news would drown the rest: they come only where they are asked for."""
        return super().filter_queryset(queryset if self._shows_all() else queryset.filter(has_news=True))

    def shown_too(self, entries: QuerySet[AccountingLogEntry], *_chosen: str) -> QuerySet[AccountingLogEntry]:
        """All of them: `filter_queryset` has left nothing out."""
        return entries

    def _shows_all(self) -> bool:
        return bool(self.form.cleaned_data.get("checks"))

    def answered(self, entries: QuerySet[AccountingLogEntry], _name: str, status: str) -> QuerySet[AccountingLogEntry]:
        if status == "none":
            return entries.filter(attempt__isnull=False, attempt__http_status__isnull=True)
        return entries.filter(attempt__http_status__range=STATUSES[status])

    def done_by(self, entries: QuerySet[AccountingLogEntry], _name: str, actor: str) -> QuerySet[AccountingLogEntry]:
        return entries.filter(actor=_actor(actor))

    def search(self, entries: QuerySet[AccountingLogEntry], _name: str, text: str) -> QuerySet[AccountingLogEntry]:
        # What is no date, and no choice, is not among the cleaned, and binds nothing.
        chosen = self.form.cleaned_data
        since, until, actor = chosen.get("from_date"), chosen.get("to_date"), chosen.get("actor")
        bounds = (
            midnight(since) if since else None,
            next_midnight(until) if until else None,
            chosen.get("result") or None,
            chosen.get("code") or None,
            _actor(actor) if actor else None,
            *STATUSES.get(chosen.get("status", ""), (None, None)),
            chosen.get("direction") or None,
            self._shows_all(),
        )
        found = find_entries(entries, text, bounds=bounds, are_of_shipments="shipment" in self.data)
        return entries.filter(pk__is_among=found)

    def since(self, entries: QuerySet[AccountingLogEntry], _name: str, day: date) -> QuerySet[AccountingLogEntry]:
        return entries.filter(at__gte=midnight(day))

    def until(self, entries: QuerySet[AccountingLogEntry], _name: str, day: date) -> QuerySet[AccountingLogEntry]:
        return entries.filter(at__lt=next_midnight(day))


def filtered_log(asked: QueryDict) -> tuple[LogFilters, list[UUID]]:
    """And the shipments that the address names (F40), none for all. Raises BadRequest for ids that are none."""
    chosen = [one_id(text) for text in asked.getlist("shipment")]
    if len(chosen) > MOST_SHIPMENTS:
        raise BadRequest(f"The log of {MOST_SHIPMENTS} shipments at most.")
    entries = entries_of_shipments(chosen) if chosen else entries_with_documents()
    return LogFilters(asked, queryset=entries), chosen


def one_id(text: str) -> UUID:
    """Raises BadRequest for what is no id."""
    try:
        return UUID(text)
    except ValueError as error:
        raise BadRequest("That is no id.") from error


def _actor(asked: str) -> str:
    return "" if asked == SYSTEM else asked
