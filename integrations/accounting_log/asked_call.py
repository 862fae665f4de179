"""A call that only read, as the accounting log keeps it: such a call has no attempt of its own."""

from dataclasses import dataclass

# The ids in an address may be forty.
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCall:
    """`path` below Xero's accounting API; `status`: None where no answer came."""

    method: str
    path: str
    status: int | None
    seconds: float

    def as_json(self) -> dict[str, str | int | float | None]:
        return {
            "method": self.method,
            "path": self.path[:LONGEST],
            "status": self.status,
            "seconds": round(self.seconds, 2),
        }
