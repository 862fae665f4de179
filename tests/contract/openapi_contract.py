"""Holds messages against Xero's own OpenAPI files: what a client sends, and what the sandbox answers.

The files are Xero's, unchanged, with the repair that their SOURCE.md names (booleans written as text). A message breaks
the contract if its address, its parameters or its body are not as the file says. Names that the file does not know are
a breach in requests; in answers they are one unless Xero itself has been seen to send them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

Json = dict[str, Any]
FOLDER = Path(__file__).parents[3] / "shared" / "xero-openapi"
BASE = "/api.xro/2.0"
ROOT_URI = "urn:xero"
OK, REFUSED = 200, 400
LONGEST_KEY = 128
NO_CONTRACT = frozenset({304, 401, 403, 404, 405, 406, 415, 429, 500, 501, 503})
OWN_PARAMETERS = frozenset({"summarizeerrors"})

# Seen in recorded answers of a live organisation, and missing in the file.
SEEN_IN_ANSWERS = frozenset(
    {
        "DateString", "DateTimeUTC", "DateUTCString", "DueDateString", "HasValidationErrors", "ID", "Id",
        "InvoicePaymentServices", "IsActive", "IsArchived", "IsDeleted", "Options", "ProviderName", "Status",
        "SummarizeErrors", "ValidationErrors",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as the sandbox's journal tells them."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    request_body: Any
    status: int
    answer_headers: dict[str, str]
    answer_body: Any


def exchange_of(entry: Json) -> Exchange:
    return Exchange(
        entry["method"],
        entry["path"],
        entry["query"],
        entry["headers"],
        entry["request_body"],
        entry["status"],
        entry["answer_headers"] or {},
        entry["answer_body"],
    )


class Contract:
    """One OpenAPI file."""

    def __init__(self, text: str) -> None:
        self.document: Json = yaml.load(text, Loader=yaml.CSafeLoader)
        _repair(self.document)
        self._registry = Registry().with_resource(ROOT_URI, Resource(self.document, DRAFT4))

    def breaches(self, exchange: Exchange) -> list[str]:
        """Sentences; empty if both directions keep the contract."""
        where = f"{exchange.method} {exchange.path} -> {exchange.status}"
        found = self._operation(exchange.method, exchange.path)
        if found is None:
            return [f"{where}: the file knows no such address"]
        template, operation = found
        parameters = [self._resolved(each) for each in operation.get("parameters", [])]
        parameters += [self._resolved(each) for each in self.document["paths"][template].get("parameters", [])]
        sentences = [
            *self._parameter_breaches(exchange, parameters),
            *self._request_breaches(exchange, operation),
            *self._answer_breaches(exchange, operation),
        ]
        return [f"{where}: {sentence}" for sentence in sentences]

    @cached_property
    def _templates(self) -> list[tuple[list[str], str]]:
        return [(template.strip("/").split("/"), template) for template in self.document["paths"]]

    def _operation(self, method: str, path: str) -> tuple[str, Json] | None:
        parts = [unquote(part) for part in path.removeprefix(BASE).strip("/").split("/")]
        fitting = [
            (sum(part.startswith("{") for part in pattern), template)
            for pattern, template in self._templates
            if len(pattern) == len(parts)
            and all(each.startswith("{") or each == part for each, part in zip(pattern, parts, strict=True))
            and method.lower() in self.document["paths"][template]
        ]
        if not fitting:
            return None
        template = min(fitting)[1]
        return template, self.document["paths"][template][method.lower()]

    def _parameter_breaches(self, exchange: Exchange, parameters: list[Json]) -> Iterator[str]:
        known = {each["name"].lower(): each for each in parameters if each["in"] == "query"}
        for name, value in exchange.query.items():
            parameter = known.get(name.lower())
            if parameter is None:
                if not (name.lower() in OWN_PARAMETERS and exchange.method != "GET"):
                    yield f"unknown parameter {name}"
                continue
            yield from self._schema_breaches(
                f"parameter {name}", parameter["schema"], _typed(value, parameter["schema"])
            )
        for each in parameters:
            if each["in"] == "header" and each["name"].lower() in exchange.headers:
                value = exchange.headers[each["name"].lower()]
                yield from self._schema_breaches(f"header {each['name']}", each["schema"], value)
        if len(exchange.headers.get("idempotency-key", "")) > LONGEST_KEY:  # only the file's prose says so
            yield "the Idempotency-Key is longer than 128 characters"
        if exchange.path.startswith(BASE) and "xero-tenant-id" not in exchange.headers:
            yield "no xero-tenant-id"

    def _request_breaches(self, exchange: Exchange, operation: Json) -> Iterator[str]:
        if exchange.request_body is None:
            return
        wanted = self._resolved(operation.get("requestBody", {})).get("content", {})
        schema = wanted.get("application/json", {}).get("schema")
        if schema is None:
            yield "no body is wanted here"
            return
        yield from self._schema_breaches("request", schema, exchange.request_body)
        yield from self._unknown_names("request", schema, exchange.request_body, allowed=frozenset())

    def _answer_breaches(self, exchange: Exchange, operation: Json) -> Iterator[str]:
        if exchange.status in NO_CONTRACT:
            return
        answer = operation["responses"].get(str(exchange.status))
        if answer is None and exchange.status == REFUSED:  # the file forgets that reads can be refused too
            yield from self._schema_breaches("answer", {"$ref": "#/components/schemas/Error"}, exchange.answer_body)
            return
        if answer is None:
            yield f"status {exchange.status} is not foreseen"
            return
        content = self._resolved(answer).get("content", {})
        is_json = "json" in exchange.answer_headers.get("content-type", "")
        schema = content.get("application/json", {}).get("schema")
        if schema is None or not is_json:
            return
        yield from self._schema_breaches("answer", schema, exchange.answer_body)
        if exchange.status == OK:  # a refusal echoes its element, for which the file has no schema
            yield from self._unknown_names("answer", schema, exchange.answer_body, allowed=SEEN_IN_ANSWERS)

    def _schema_breaches(self, what: str, schema: Json, value: Any) -> Iterator[str]:
        validator = Draft4Validator(
            _anchored(schema), registry=self._registry, format_checker=FormatChecker(["uuid", "date"])
        )
        for error in validator.iter_errors(value):
            place = "/".join(str(part) for part in error.absolute_path)
            yield f"{what} {place}: {error.message[:200]}"

    def _unknown_names(self, what: str, schema: Json, value: Any, *, allowed: frozenset[str]) -> Iterator[str]:
        schema = self._resolved(schema)
        if isinstance(value, list):
            for part in value:
                yield from self._unknown_names(what, schema.get("items", {}), part, allowed=allowed)
        elif isinstance(value, dict) and "properties" in schema:
            for name, part in value.items():
                if name in schema["properties"]:
                    yield from self._unknown_names(what, schema["properties"][name], part, allowed=allowed)
                elif name not in allowed:
                    yield f"{what} has the unknown name {name}"

    def _resolved(self, schema: Json) -> Json:
        while "$ref" in schema:
            found: Any = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema


def load_contract(name: str) -> Contract:
    return Contract((FOLDER / name).read_text())


def _repair(node: Any) -> None:
    """`default: 'false'` on a boolean is meant as false."""
    if isinstance(node, dict):
        if node.get("type") == "boolean" and isinstance(node.get("default"), str):
            node["default"] = node["default"] == "true"
        for part in node.values():
            _repair(part)
    elif isinstance(node, list):
        for part in node:
            _repair(part)


def _anchored(schema: Any) -> Any:
    """References of the file, told apart from the schema they are cut out with."""
    if isinstance(schema, dict):
        return {
            key: f"{ROOT_URI}{value}" if key == "$ref" and value.startswith("#") else _anchored(value)
            for key, value in schema.items()
        }
    return [_anchored(part) for part in schema] if isinstance(schema, list) else schema


def _typed(value: str, schema: Json) -> Any:
    """A query value as its schema means it."""
    kind = schema.get("type")
    if kind == "boolean" and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if kind == "integer" and value.lstrip("-").isdigit():
        return int(value)
    if kind == "array":
        return value.split(",")
    return value
