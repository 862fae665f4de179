"""The rows of a file wait in another file, since memory that so many take once a worker never gives back."""

import pickle
import weakref
from array import array
from collections.abc import Mapping, Sequence
from tempfile import TemporaryFile
from typing import Any

from invoices.intake.parsed_rows import ParsedCharge, ParsedRow


class KeptRows:
    """
    In a temporary file without a name, which nobody else reads or writes, and which goes with this object.

    Which fields a row has stays in memory, as a number: most have the same ones, and their names take as long to
    write as what they say.
    """

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 closed as soon as nobody has this object any more
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])
        self._numbers: dict[tuple[str, ...], int] = {}
        self._names: list[tuple[str, ...]] = []

    def keep(self, row: ParsedRow) -> int:
        """Where it is: by this number it is read again. All are kept before the first is read."""
        number, fields, charges, *told = row
        written = [(*self._written(one.values), *self._written(one.columns), one.key) for one in charges]
        content = pickle.dumps((number, *self._written(fields), written, told), pickle.HIGHEST_PROTOCOL)
        self._file.write(content)
        self._ends.append(self._ends[-1] + len(content))
        return len(self._ends) - 2

    def read(self, place: int) -> ParsedRow:
        begin, end = self._ends[place], self._ends[place + 1]
        self._file.seek(begin)
        number, names, fields, written, told = pickle.loads(self._file.read(end - begin))  # noqa: S301 what we wrote
        charges = [
            ParsedCharge(self._read(names, values), self._read(placed, columns), key)
            for names, values, placed, columns, key in written
        ]
        return ParsedRow(number, self._read(names, fields), tuple(charges), *told)

    def _written(self, values: Mapping[str, object]) -> tuple[int, list[Any]]:
        names = tuple(values)
        number = self._numbers.get(names)
        if number is None:
            number = self._numbers[names] = len(self._names)
            self._names.append(names)
        return number, list(values.values())

    def _read(self, names: int, values: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(self._names[names], values, strict=True))
