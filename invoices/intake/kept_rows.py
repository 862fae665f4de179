"""The rows of a file wait in another file, since memory that so many take once a worker never gives back."""

import pickle
import weakref
from array import array
from tempfile import TemporaryFile

from invoices.intake.parsed_rows import ParsedRow


class KeptRows:
    """In a temporary file without a name, which nobody else reads or writes, and which goes with this object."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 closed as soon as nobody has this object any more
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])

    def keep(self, row: ParsedRow) -> int:
        """Where it is: by this number it is read again. All are kept before the first is read."""
        content = pickle.dumps(row, pickle.HIGHEST_PROTOCOL)
        self._file.write(content)
        self._ends.append(self._ends[-1] + len(content))
        return len(self._ends) - 2

    def read(self, place: int) -> ParsedRow:
        begin, end = self._ends[place], self._ends[place + 1]
        self._file.seek(begin)
        row: ParsedRow = pickle.loads(self._file.read(end - begin))  # noqa: S301 it is what we wrote
        return row
