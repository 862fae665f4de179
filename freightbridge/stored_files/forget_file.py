"""Removes bytes that nothing has any more."""

from django.db.models import ForeignObjectRel

from freightbridge.stored_files.models import StoredFile


def forget_file(file: StoredFile) -> None:
    """Unless something of the tenant still points to it: the same bytes are kept once. In the tenant's scope."""
    if not any(_points_to(file, one) for one in StoredFile._meta.get_fields(include_hidden=True)):
        file.delete()


def _points_to(file: StoredFile, field: object) -> bool:
    if not isinstance(field, ForeignObjectRel):
        return False
    rows = field.related_model._default_manager  # noqa: SLF001 each model has one, whatever it is called
    return bool(rows.filter(**{field.field.name: file}).exists())
