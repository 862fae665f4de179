"""The filters above a list. What a request does not change of them is made once in a process, not for each request."""

from collections import OrderedDict
from copy import copy
from functools import cache
from typing import Any

import django_filters
from django.forms import Form


class _SharedFilters(OrderedDict[str, django_filters.Filter]):
    """Of a class. django-filter copies them deeply for each request, with every choice of every field."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> dict[str, django_filters.Filter]:
        return {name: _own(one) for name, one in self.items()}


class ListFilters(django_filters.FilterSet):
    """Every filter has a label, since none belongs to a form of a model."""

    @classmethod
    def get_filters(cls) -> _SharedFilters:
        return _SharedFilters(super().get_filters())

    def get_form_class(self) -> type[Form]:
        return _form_class(type(self))  # type: ignore[arg-type]  # a class can be hashed


@cache
def _form_class(filters: type[ListFilters]) -> type[Form]:
    return type(f"{filters.__name__}Form", (Form,), {name: one.field for name, one in filters.base_filters.items()})


def _own(shared: django_filters.Filter) -> django_filters.Filter:
    """A copy for one request, which sets its parent. Naming its method anew ties it to that parent."""
    own = copy(shared)
    if own.method is not None:
        own.method = own.method
    return own
