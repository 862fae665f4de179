"""Makes many new rows of one model: Django asks every field for its default anew, which takes ten times as long."""

from copy import copy
from typing import Any, Generic, TypeVar

from django.db import models

from freightbridge.tenancy.models import TenantModel

Row = TypeVar("Row", bound=TenantModel)


class NewRows(Generic[Row]):
    """
    In the tenant's scope, and for it alone. Each row is as `model(**values)` makes it, but without a public id, which
    `insert_rows` leaves to PostgreSQL.
    """

    def __init__(self, model: type[Row], **values: Any) -> None:
        first = model(public_id=None, **values)
        self._model = model
        self._values = {name: value for name, value in vars(first).items() if name != "_state"}
        # Two rows never share one that can change.
        self._own = [name for name, value in self._values.items() if isinstance(value, dict | list)]

    def __call__(self) -> Row:
        row = self._model.__new__(self._model)
        values = vars(row)
        values.update(self._values, _state=models.base.ModelState())
        for name in self._own:
            values[name] = copy(values[name])
        return row
