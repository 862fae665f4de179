"""Saved views of the shipment list: a member's own, and those that everybody in the company sees."""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from freightbridge.access.models import Membership
from freightbridge.audit.record_event import record_event
from invoices.models import ListChoice, SavedView
from invoices.models.saved_view import LONGEST_NAME, LONGEST_QUERY

# Of one member, and of the company: what fits into a bar that is looked at each day.
MOST_VIEWS = 30


class ViewRefusedError(Exception):
    """Its text stands at the field of the name."""


def visible_views(member: Membership) -> QuerySet[SavedView]:
    """His own first, then everybody's, each by name."""
    return SavedView.objects.filter(Q(owner=member) | Q(owner=None)).order_by(F("owner").asc(nulls_last=True), "name")


def save_view(*, name: str, query: str, owner: Membership | None, by: str, now: datetime) -> SavedView:
    """`owner` None: for everybody. Raises ViewRefusedError."""
    _check_name(name, owner=owner)
    _check_room(owner)
    if not query:
        raise ViewRefusedError("Nothing is filtered, so there is nothing to save. Filter the list first.")
    if len(query) > LONGEST_QUERY:
        raise ViewRefusedError("The search is too long to be saved. Search for less.")
    # Of two clicks at the same moment the second one finds the view of the first.
    view, is_new = SavedView.objects.get_or_create(owner=owner, name=name, defaults={"query": query})
    if not is_new:
        raise ViewRefusedError(_taken(owner))
    _note("view shared", view, by=by, now=now)
    return view


def rename_view(view: SavedView, name: str, *, by: str, now: datetime) -> None:
    """Raises ViewRefusedError."""
    if name == view.name:
        return
    _check_name(name, owner=view.owner)
    before, view.name = view.name, name
    view.save(update_fields=["name"])
    _note("view renamed", view, by=by, now=now, name={"before": before, "after": name})


def share_view(view: SavedView, *, by: str, now: datetime) -> None:
    """It is the company's from now on. Raises ViewRefusedError."""
    _check_name(view.name, owner=None)
    _check_room(None)
    view.owner = None
    view.save(update_fields=["owner"])
    _note("view shared", view, by=by, now=now)


def delete_view(view: SavedView, *, by: str, now: datetime) -> None:
    """Whoever's list opened with it sees all shipments again."""
    _note("view deleted", view, by=by, now=now)
    view.delete()


def open_with(member: Membership, view: SavedView | None) -> None:
    """None: with all shipments."""
    ListChoice.objects.update_or_create(member=member, defaults={"opens_with": view})


def choice_of(member: Membership) -> ListChoice:
    """The usual one, unsaved, of a member who never chose."""
    found = ListChoice.objects.select_related("opens_with").filter(member=member).first()
    return found or ListChoice(member=member)


def choose_columns(member: Membership, columns: list[str] | None) -> None:
    """None: the usual ones, whichever they are."""
    ListChoice.objects.update_or_create(member=member, defaults={"columns": columns})


def remember_sides(member: Membership, sides: str) -> None:
    """That he chose when he sent last."""
    ListChoice.objects.update_or_create(member=member, defaults={"sent_sides": sides})


def _check_name(name: str, *, owner: Membership | None) -> None:
    if not name:
        raise ViewRefusedError("A view needs a name.")
    if len(name) > LONGEST_NAME:
        raise ViewRefusedError(f"A name has at most {LONGEST_NAME} characters.")
    if SavedView.objects.filter(owner=owner, name=name).exists():
        raise ViewRefusedError(_taken(owner))


def _taken(owner: Membership | None) -> str:
    whose = "You have" if owner else "The company has"
    return f"{whose} a view of this name already. Choose another one, or delete that one first."


def _check_room(owner: Membership | None) -> None:
    if SavedView.objects.filter(owner=owner).count() >= MOST_VIEWS:
        whose = "You have" if owner else "The company has"
        raise ViewRefusedError(f"{whose} {MOST_VIEWS} views already. Delete one that nobody needs first.")


def _note(action: str, view: SavedView, *, by: str, now: datetime, **details: object) -> None:
    """What is a member's own is nobody else's business."""
    if view.owner is None:
        record_event(action=action, subject=view, by=by, now=now, query=view.query, **details)
