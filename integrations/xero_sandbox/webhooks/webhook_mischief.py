"""How deliveries go wrong on request: doubled, out of order, wrongly signed."""

import random
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class WebhookMischief:
    """Probabilities between 0 and 1. `hold` lets so many events gather before any is sent."""

    duplicate: float = 0.0
    wrong_signature: float = 0.0
    shuffle: bool = False
    hold: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - repeatable trials

    def set(self, wishes: Json) -> None:
        """Raises ValueError for a wish there is no such mischief for."""
        known = {"duplicate", "wrong_signature", "shuffle", "hold", "seed"}
        if unknown := set(wishes) - known:
            raise ValueError(f"There is no mischief {', '.join(sorted(unknown))}; there is {', '.join(sorted(known))}.")
        self.duplicate = float(wishes.get("duplicate", 0.0))
        self.wrong_signature = float(wishes.get("wrong_signature", 0.0))
        self.shuffle = bool(wishes.get("shuffle", False))
        self.hold = int(wishes.get("hold", 0))
        self._chance.seed(int(wishes.get("seed", 0)))

    def ordered(self, events: list[Any]) -> list[Any]:
        mixed = list(events)
        if self.shuffle:
            self._chance.shuffle(mixed)
        return mixed

    def doubles(self) -> bool:
        return self._chance.random() < self.duplicate

    def signs_wrongly(self) -> bool:
        return self._chance.random() < self.wrong_signature
