"""Whether what a form shows was changed by somebody else while it was open."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.forms import BaseForm

# The hidden field that carries the mark of what stood when the form was opened.
OPENED_AS = "opened_as"


def content_mark(forms: Iterable[BaseForm]) -> str:
    """The same for the same stored content, whatever was entered."""
    stored = [(field.html_name, str(field.initial)) for form in forms for field in form]
    return sha256(repr(stored).encode()).hexdigest()


def was_changed_meanwhile(data: Any, forms: Iterable[BaseForm]) -> bool:
    """`data`: what was posted, with the mark in it."""
    mark = data.get(OPENED_AS, "")
    return bool(mark) and mark != content_mark(forms)
