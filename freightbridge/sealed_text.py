"""A model attribute that is text to the code and sealed bytes in the table."""

from typing import overload

from freightbridge.encryption import Place, seal, unseal
from freightbridge.tenancy.models import TenantModel


class SealedText:
    """
    Stands beside a BinaryField named `<attribute>_sealed`.

    Reading raises encryption.SealedValueError where the bytes were sealed for another row.
    """

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, row: None, owner: type) -> "SealedText": ...
    @overload
    def __get__(self, row: TenantModel, owner: type) -> str: ...
    def __get__(self, row: TenantModel | None, owner: type) -> "str | SealedText":
        if row is None:
            return self
        sealed = getattr(row, f"{self._name}_sealed")
        return unseal(sealed, place=self._place(row)) if sealed else ""

    def __set__(self, row: TenantModel, text: str) -> None:
        setattr(row, f"{self._name}_sealed", seal(text, place=self._place(row)) if text else b"")

    def _place(self, row: TenantModel) -> Place:
        return Place(table=row._meta.db_table, column=self._name, tenant_id=row.tenant_id, row=str(row.public_id))
