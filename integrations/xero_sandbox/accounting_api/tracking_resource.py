"""/TrackingCategories and their options.

Source: developer.xero.com/documentation/api/accounting/trackingcategories. At most two categories are active.
"""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.accounting_api.list_reading import ListShape, Wanted, select
from integrations.xero_sandbox.books.organisation_records import TrackingCategory, TrackingOption
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent

Json = dict[str, Any]
MOST_ACTIVE, LONGEST_NAME = 2, 100
STATUSES = frozenset({"ACTIVE", "ARCHIVED", "DELETED"})
SHAPE = ListShape(
    kind=TrackingCategory,
    knows_changes=False,
    fields={
        "trackingcategoryid": lambda category: category.category_id,
        "name": lambda category: category.name,
        "status": lambda category: category.status,
    },
)


def list_tracking_categories(call: ApiCall) -> Answer:
    """Archived ones, and their archived options, only with includeArchived=true."""
    with_archived = call.query_flag("includeArchived")
    found: list[TrackingCategory] = select(call, SHAPE, Wanted()).all()
    in_order = found if call.query("order") else sorted(found, key=lambda category: category.name)
    shown = [
        _as_json(category, with_archived=with_archived)
        for category in in_order
        if with_archived or category.status == "ACTIVE"
    ]
    return enveloped(call, "TrackingCategories", shown)


def get_tracking_category(call: ApiCall) -> Answer:
    category = _named(call)
    if category is None:
        return not_found()
    return enveloped(call, "TrackingCategories", [_as_json(category, with_archived=True)])


def create_tracking_category(call: ApiCall) -> Answer:
    def write(sent: Sent, findings: Findings) -> TrackingCategory | None:
        options = tuple(
            TrackingOption(option_id=str(uuid4()), name=option.text("Name") or "")
            for option in sent.objects("Options") or []
        )
        category = TrackingCategory(
            organisation_id=call.books.organisation_id,
            category_id=str(uuid4()),
            name=sent.text("Name") or "",
            options=options,
        )
        return _checked(call, category, findings)

    return write_elements(call, _kind(), write)


def save_tracking_category(call: ApiCall) -> Answer:
    held = _named(call)
    if held is None:
        return not_found()

    def write(sent: Sent, findings: Findings) -> TrackingCategory | None:
        changed = replace(held, name=sent.text("Name") or held.name, status=sent.text("Status") or held.status)
        return _checked(call, changed, findings)

    return write_elements(call, _kind(), write)


def delete_tracking_category(call: ApiCall) -> Answer:
    category = _named(call)
    if category is None:
        return not_found()
    call.books.store.remove(category)
    deleted = replace(category, status="DELETED")
    return enveloped(call, "TrackingCategories", [_as_json(deleted, with_archived=True)])


def create_tracking_options(call: ApiCall) -> Answer:
    category = _named(call)
    if category is None:
        return not_found()

    def write(sent: Sent, findings: Findings) -> TrackingOption | None:
        current: TrackingCategory = call.books.find(TrackingCategory, category.category_id)
        option = TrackingOption(option_id=str(uuid4()), name=sent.text("Name") or "")
        return _checked_option(call, replace(current, options=(*current.options, option)), option, findings)

    return write_elements(call, _option_kind(), write)


def save_tracking_option(call: ApiCall) -> Answer:
    category = _named(call)
    held = category.option(call.parameters["option"].lower()) if category else None
    if category is None or held is None:
        return not_found()

    def write(sent: Sent, findings: Findings) -> TrackingOption | None:
        option = replace(held, name=sent.text("Name") or held.name, status=sent.text("Status") or held.status)
        options = tuple(option if each.option_id == held.option_id else each for each in category.options)
        return _checked_option(call, replace(category, options=options), option, findings)

    return write_elements(call, _option_kind(), write)


def delete_tracking_option(call: ApiCall) -> Answer:
    category = _named(call)
    held = category.option(call.parameters["option"].lower()) if category else None
    if category is None or held is None:
        return not_found()
    options = tuple(each for each in category.options if each.option_id != held.option_id)
    call.books.store.save(replace(category, options=options))
    return enveloped(call, "Options", [_option_as_json(replace(held, status="DELETED"))])


def _named(call: ApiCall) -> TrackingCategory | None:
    category: TrackingCategory | None = call.books.find(TrackingCategory, call.parameters["category"].lower())
    return category


def _checked(call: ApiCall, category: TrackingCategory, findings: Findings) -> TrackingCategory | None:
    """Wording: unconfirmed."""
    others = [other for other in call.books.tracking_categories() if other.category_id != category.category_id]
    if not category.name or len(category.name) > LONGEST_NAME:
        findings.refuse("The tracking category name must have 1 to 100 characters.")
    if any(other.name.casefold() == category.name.casefold() for other in others):
        findings.refuse("The tracking category name must be unique.")
    if category.status not in STATUSES:
        findings.refuse(f"The tracking category status '{category.status}' is not valid.")
    if category.status == "ACTIVE" and sum(other.status == "ACTIVE" for other in others) >= MOST_ACTIVE:
        findings.refuse("A maximum of two tracking categories can be active.")
    return None if findings.errors else call.books.store.save(category)


def _checked_option(
    call: ApiCall, category: TrackingCategory, option: TrackingOption, findings: Findings
) -> TrackingOption | None:
    if not option.name or len(option.name) > LONGEST_NAME:
        findings.refuse("The tracking option name must have 1 to 100 characters.")
    if sum(each.name.casefold() == option.name.casefold() for each in category.options) > 1:
        findings.refuse("The tracking option name must be unique within its category.")
    if findings.errors:
        return None
    call.books.store.save(category)
    return option


def _as_json(category: TrackingCategory, *, with_archived: bool) -> Json:
    return {
        "Name": category.name,
        "Status": category.status,
        "TrackingCategoryID": category.category_id,
        "Options": [
            _option_as_json(option) for option in category.options if with_archived or option.status == "ACTIVE"
        ],
    }


def _option_as_json(option: TrackingOption) -> Json:
    return {
        "TrackingOptionID": option.option_id,
        "Name": option.name,
        "Status": option.status,
        "HasValidationErrors": False,
        "IsDeleted": option.status == "DELETED",
        "IsArchived": option.status == "ARCHIVED",
        "IsActive": option.status == "ACTIVE",
    }


def _kind() -> ElementKind:
    return ElementKind(
        collection="TrackingCategories",
        word="TrackingCategory",
        id_name="TrackingCategoryID",
        render=lambda category: _as_json(category, with_archived=True),
    )


def _option_kind() -> ElementKind:
    return ElementKind(collection="Options", word="Option", id_name="TrackingOptionID", render=_option_as_json)
