"""Removes bytes that nothing has any more."""

from django.db.models import ForeignObjectRel

from freightbridge.stored_files.models import StoredFile


def forget_file(file: StoredFile) -> None:
    """Unless something of the tenant still points to it: the same bytes are kept once. In the tenant's scope."""
    relations = [one for one in StoredFile._meta.get_fields(include_hidden=True) if isinstance(one, ForeignObjectRel)]
    if not any(one.related_model._default_manager.filter(**{one.field.name: file}).exists() for one in relations):
        file.delete()
