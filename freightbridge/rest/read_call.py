"""Reads what a call brings: its parameters, its JSON, its file. Strictly, and every fault at once."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError

from freightbridge.rest.endpoints import Endpoint
from freightbridge.rest.json_shapes import Errors, FieldError, Flag, Member, Whole, pointer_part
from freightbridge.rest.problem_details import RefusedCallError, invalid_input

JSON_TYPE = "application/json"
FORM_TYPE = "multipart/form-data"
TOO_LARGE = "The body is larger than 5 MB. Upload a file instead, or send it in parts."


def read_query(parameters: QueryDict, members: Mapping[str, Member], errors: Errors) -> dict[str, Any]:
    """By their names; those that are not declared, or stand twice, are refused."""
    for name in parameters:
        if name not in members:
            errors.append(FieldError(f"?{pointer_part(name)}", "There is no such parameter."))
        elif len(parameters.getlist(name)) > 1:
            errors.append(FieldError(f"?{name}", "It stands there more than once."))
    return {name: _parameter(parameters.get(name), name, member, errors) for name, member in members.items()}


def read_body(request: HttpRequest, endpoint: Endpoint, errors: Errors) -> dict[str, Any]:
    """Raises RefusedCallError where it is no JSON at all."""
    if endpoint.body is None:
        return {}
    if request.content_type != JSON_TYPE:
        raise RefusedCallError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {JSON_TYPE}.")
    found = endpoint.body.read(_json(body_bytes(request)), "", errors)
    return found or {}


def read_file(request: HttpRequest, endpoint: Endpoint, errors: Errors) -> UploadedFile | None:
    if not endpoint.takes_file:
        return None
    if request.content_type != FORM_TYPE:
        raise RefusedCallError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {FORM_TYPE} with a field “file”.")
    try:
        files, fields = request.FILES, request.POST
    except RequestDataTooBig as error:
        raise RefusedCallError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE) from error
    except (MultiPartParserError, TooManyFilesSent) as error:
        raise RefusedCallError(HTTPStatus.BAD_REQUEST, "The body cannot be read as a form.") from error
    extra = [name for name in (*files, *fields) if name != "file"]
    errors += [FieldError(f"/{pointer_part(name)}", "There is no such field.") for name in extra]
    file = files.get("file")
    if not isinstance(file, UploadedFile) or len(files.getlist("file")) > 1:
        errors.append(FieldError("/file", "One file is expected."))
        return None
    return file


def refuse_if_faulty(errors: Errors) -> None:
    """Raises RefusedCallError."""
    if errors:
        raise invalid_input(errors)


def body_bytes(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise RefusedCallError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE) from error


def _parameter(text: str | None, name: str, member: Member, errors: Errors) -> Any:
    if text is None:
        return member.default
    value: Any = text
    if isinstance(member.shape, Whole) and text.isascii() and text.isdecimal() and len(text) < len(str(2**63)):
        value = int(text)
    if isinstance(member.shape, Flag):
        value = {"true": True, "false": False}.get(text, text)
    return member.shape.read(value, f"?{name}", errors)


def _json(content: bytes) -> Any:
    """No NaN, no name twice, numbers as they are written."""
    try:
        return json.loads(
            content.decode(), parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_object_once
        )
    except _TwiceError as error:
        raise RefusedCallError(HTTPStatus.BAD_REQUEST, str(error)) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise RefusedCallError(HTTPStatus.BAD_REQUEST, "The body is no JSON in UTF-8.") from error


class _TwiceError(Exception):
    pass


def _object_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f"The name “{pointer_part(doubled)}” stands twice in one object.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON.")
