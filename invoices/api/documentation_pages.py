"""The API explained to those who write programs against it: one page, and the same for machines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from freightbridge.access.api_scopes import GRANTED_AS
from freightbridge.access.permission_checks import TenantRequest, public, requires
from freightbridge.access.permissions import Permission
from freightbridge.outbound_events.event_kinds import TOLD_AS
from freightbridge.rest.admit_call import CALLS_IN_WINDOW
from freightbridge.rest.answer_call import ROOT
from freightbridge.rest.endpoints import Endpoint
from freightbridge.rest.json_shapes import ListOf, Member, Record, Shape
from freightbridge.rest.openapi_document import openapi_document, shown_path
from invoices.api.all_endpoints import GROUPS


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """`depth`: inside how many lists of objects it stands."""

    name: str
    kind: str
    about: str
    is_required: bool
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    endpoint: Endpoint
    path: str
    colour: str
    parameters: list[FieldLine]
    takes: list[FieldLine]
    gives: list[FieldLine]


COLOURS = {"GET": "azure", "POST": "green", "PUT": "yellow"}


@requires(Permission.VIEW_FREIGHT)
def api_documentation(request: TenantRequest) -> HttpResponse:
    context = {
        "groups": [(group, [_view(endpoint) for endpoint in group.endpoints]) for group in GROUPS],
        "root": f"{settings.PUBLIC_BASE_URL}{ROOT}",
        "scopes": GRANTED_AS.items(),
        "events": TOLD_AS.items(),
        "calls_a_minute": CALLS_IN_WINDOW,
    }
    return render(request, "rest/documentation.html", context)


@public
@require_GET
def openapi(_request: HttpRequest) -> HttpResponse:
    """It holds nothing of any company."""
    return JsonResponse(openapi_document(GROUPS, server=f"{settings.PUBLIC_BASE_URL}{ROOT.rstrip('/')}"))


def _view(endpoint: Endpoint) -> EndpointView:
    answers = _record(endpoint.answers.members["items"].shape) if endpoint.is_list else None
    answers = answers or endpoint.answers
    return EndpointView(
        endpoint=endpoint,
        path=ROOT + shown_path(endpoint),
        colour=COLOURS[endpoint.method],
        parameters=list(_lines(endpoint.query)),
        takes=list(_lines(endpoint.body.members, is_sent=True)) if endpoint.body else [],
        gives=list(_lines(answers.members)),
    )


def _lines(members: Mapping[str, Member], *, is_sent: bool = False, depth: int = 0) -> Iterator[FieldLine]:
    for name, member in members.items():
        if is_sent and member.is_ours:
            continue
        yield FieldLine(
            name=name, kind=_kind(member.shape), about=member.about, is_required=member.is_required, depth=depth
        )
        inner = _record(member.shape)
        if inner is not None:
            yield from _lines(inner.members, is_sent=is_sent, depth=depth + 1)


def _record(shape: Shape) -> Record | None:
    if isinstance(shape, ListOf):
        return _record(shape.shape)
    return shape if isinstance(shape, Record) else None


def _kind(shape: Shape) -> str:
    """In words."""
    if isinstance(shape, ListOf):
        return f"list of {_kind(shape.shape)}"
    if isinstance(shape, Record):
        return shape.name
    schema = shape.schema()
    if "enum" in schema:
        return ", ".join(value or "empty" for value in schema["enum"])
    plain = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    return {"date": "day", "date-time": "moment", "uuid": "id", "decimal": "number"}.get(
        schema.get("format", ""), plain.get(str(schema["type"]), "")
    )
