"""Constraints in PostgreSQL that Django does not know: makemigrations writes them like any other."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor as Editor

THIS_TENANT = "tenant_id = NULLIF(current_setting('app.tenant', true), '')::bigint"
IN_DIRECTORY = "current_setting('app.directory', true) = 'on'"


class SchemaConstraint(models.BaseConstraint):
    """A constraint made by statements of its own, after the table stands; PostgreSQL checks it, not a form."""

    def statements(self, model: type[models.Model], editor: Editor) -> list[str]:
        raise NotImplementedError

    def undo_statements(self, model: type[models.Model], editor: Editor) -> list[str]:
        raise NotImplementedError

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: Editor | None) -> str:
        """Called while the table is being made, before what it needs may stand: it waits for the migration's end."""
        return self.create_sql(model, schema_editor)

    def create_sql(self, model: type[models.Model] | None, schema_editor: Editor | None) -> str:
        """Put off likewise; an empty statement is not executed."""
        if model and schema_editor:
            schema_editor.deferred_sql.extend(self.statements(model, schema_editor))
        return ""

    def remove_sql(self, model: type[models.Model] | None, schema_editor: Editor | None) -> str:
        return "; ".join(self.undo_statements(model, schema_editor)) if model and schema_editor else ""

    def validate(self, *_arguments: Any, **_keywords: Any) -> None:
        """Nothing a form could check."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SchemaConstraint) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


class RowLevelSecurity(SchemaConstraint):
    """Rows are seen and written in their tenant's scope only, by the owner of the table too."""

    def __init__(self, *, name: str, is_directory: bool = False) -> None:
        super().__init__(name=name)
        self.is_directory = is_directory

    def statements(self, model: type[models.Model], editor: Editor) -> list[str]:
        table = editor.quote_name(model._meta.db_table)
        made = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant_isolation ON {table} USING ({THIS_TENANT}) WITH CHECK ({THIS_TENANT})",
        ]
        if self.is_directory:
            made.append(f"CREATE POLICY directory_read ON {table} FOR SELECT USING ({IN_DIRECTORY})")
        return made

    def undo_statements(self, model: type[models.Model], editor: Editor) -> list[str]:
        table = editor.quote_name(model._meta.db_table)
        return [
            f"DROP POLICY IF EXISTS directory_read ON {table}",
            f"DROP POLICY tenant_isolation ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ]

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, arguments, keywords = super().deconstruct()
        return path, tuple(arguments), {**keywords, "is_directory": self.is_directory}


class AppendOnly(SchemaConstraint):
    """
    Rows are added, never changed or removed, whoever asks. `refuse_change` comes with the first migration.

    `forgets`: as SQL of OLD, the rows that may be removed all the same; none, where it is empty.
    """

    def __init__(self, *, name: str, forgets: str = "") -> None:
        super().__init__(name=name)
        self.forgets = forgets

    def statements(self, model: type[models.Model], editor: Editor) -> list[str]:
        table = editor.quote_name(model._meta.db_table)
        refuse = "FOR EACH ROW {when}EXECUTE FUNCTION refuse_change()"
        if not self.forgets:
            return [f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} {refuse.format(when='')}"]
        kept = f"WHEN (NOT ({self.forgets})) "
        return [
            f"CREATE TRIGGER append_only BEFORE UPDATE ON {table} {refuse.format(when='')}",
            f"CREATE TRIGGER is_kept BEFORE DELETE ON {table} {refuse.format(when=kept)}",
        ]

    def undo_statements(self, model: type[models.Model], editor: Editor) -> list[str]:
        names = ["append_only", "is_kept"] if self.forgets else ["append_only"]
        return [f"DROP TRIGGER {name} ON {editor.quote_name(model._meta.db_table)}" for name in names]

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, arguments, keywords = super().deconstruct()
        return path, tuple(arguments), {**keywords, **({"forgets": self.forgets} if self.forgets else {})}
