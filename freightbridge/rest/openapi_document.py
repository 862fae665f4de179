"""The API in OpenAPI 3.1, out of the very declarations by which calls are checked."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from freightbridge.access.api_scopes import GRANTED_AS
from freightbridge.rest.endpoints import Endpoint, Group
from freightbridge.rest.json_shapes import Member
from freightbridge.rest.problem_details import PROBLEM_TYPE
from freightbridge.rest.read_call import FORM_TYPE, JSON_TYPE

PART = re.compile(r"<(?P<kind>\w+):(?P<name>\w+)>")
PART_SCHEMAS: dict[str, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "Quote it to support."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
REFUSALS = {
    HTTPStatus.BAD_REQUEST: "The body is no JSON, or the Idempotency-Key is missing.",
    HTTPStatus.UNAUTHORIZED: "No valid key.",
    HTTPStatus.FORBIDDEN: "The key has not the scope.",
    HTTPStatus.NOT_FOUND: "There is nothing here that the key may see.",
    HTTPStatus.CONFLICT: "It cannot be done at this moment; the detail says why.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of another type.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "What was sent cannot be saved; every fault stands at its field.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many calls; Retry-After says when to go on.",
    HTTPStatus.SERVICE_UNAVAILABLE: "We are busy; Retry-After says when to go on.",
}


def openapi_document(groups: Sequence[Group], *, server: str) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for group in groups:
        for endpoint in group.endpoints:
            operations = paths.setdefault(f"/{shown_path(endpoint)}", {})
            operations[endpoint.method.lower()] = _operation(endpoint, group.title)
    return {
        "openapi": "3.1.0",
        "info": {"title": "FreightBridge", "version": "1"},
        "servers": [{"url": server}],
        "tags": [{"name": group.title, "description": group.about} for group in groups],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": f"Scopes: {', '.join(GRANTED_AS)}."}
            },
            "schemas": {"problem": PROBLEM_SCHEMA},
        },
    }


def shown_path(endpoint: Endpoint) -> str:
    """With its parts in braces."""
    return PART.sub(r"{\g<name>}", endpoint.path)


def _operation(endpoint: Endpoint, tag: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"{endpoint.about} Scope: {endpoint.scope}.".strip(),
        "tags": [tag],
        "parameters": _parameters(endpoint),
        "responses": {
            str(endpoint.status.value): {
                "description": endpoint.status.phrase,
                "content": {JSON_TYPE: {"schema": endpoint.answers.schema()}},
            },
            **{str(status.value): _refusal(text) for status, text in REFUSALS.items()},
        },
    }
    if endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": {JSON_TYPE: {"schema": endpoint.body.schema()}}}
    if endpoint.takes_file:
        file = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": {FORM_TYPE: {"schema": file}}}
    return operation


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    parts = [
        {"name": match["name"], "in": "path", "required": True, "schema": PART_SCHEMAS[match["kind"]]}
        for match in PART.finditer(endpoint.path)
    ]
    query = [_query_parameter(name, member) for name, member in endpoint.query.items()]
    if not endpoint.needs_idempotency_key:
        return [*parts, *query]
    about = "One for each thing to be done. The same call again is answered alike and does nothing, for 30 days."
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    return [*parts, *query, _parameter("Idempotency-Key", "header", about, schema) | {"required": True}]


def _query_parameter(name: str, member: Member) -> dict[str, Any]:
    default = {} if member.default in (None, "") else {"default": member.default}
    return _parameter(name, "query", member.about, member.shape.schema() | default)


def _parameter(name: str, place: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": schema} | ({"description": about} if about else {})


def _refusal(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/problem"}
    return {"description": text, "content": {PROBLEM_TYPE: {"schema": schema}}}
