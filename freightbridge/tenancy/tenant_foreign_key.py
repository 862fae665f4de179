"""A foreign key that carries the tenant: a plain one would accept, and so reveal, another tenant's id."""

from typing import Any, cast

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor as Editor

from freightbridge.tenancy.row_level_security import SchemaConstraint


class TenantForeignKey(SchemaConstraint):
    """(tenant_id, <field>_id) points to (tenant_id, id); the Django field has `db_constraint=False`."""

    def __init__(self, *, name: str, field: str) -> None:
        super().__init__(name=name)
        self.field = field

    def statements(self, model: type[models.Model], editor: Editor) -> list[str]:
        quote = editor.quote_name
        field = cast("models.ForeignKey[Any, Any]", model._meta.get_field(self.field))
        target = field.related_model._meta.db_table
        return [
            (
                f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
                f"FOREIGN KEY (tenant_id, {quote(str(field.column))}) REFERENCES {quote(target)} (tenant_id, id) "
                f"DEFERRABLE INITIALLY DEFERRED"
            ),
        ]

    def undo_statements(self, model: type[models.Model], editor: Editor) -> list[str]:
        quote = editor.quote_name
        return [f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"]

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, arguments, keywords = super().deconstruct()
        return path, tuple(arguments), {**keywords, "field": self.field}
