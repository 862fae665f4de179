"""What the pages' own forms say about values that came by the API: the same words, at the fields of the body."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from freightbridge.rest.json_shapes import FieldError


def form_errors(form: forms.BaseForm, *, at: str = "") -> Iterable[FieldError]:
    """`at`: the pointer of the object that the form is about."""
    for name, messages in form.errors.items():
        pointer = at if name == NON_FIELD_ERRORS else f"{at}/{name}"
        for message in messages:
            yield FieldError(pointer, str(message))
