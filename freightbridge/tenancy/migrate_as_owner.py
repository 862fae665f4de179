"""Database router: tables are made by their owner; nothing else uses his connection."""

from typing import Any

OWNER = "owner"


class MigrateAsOwner:
    def db_for_read(self, *_arguments: Any, **_hints: Any) -> str:
        return "default"

    def db_for_write(self, *_arguments: Any, **_hints: Any) -> str:
        return "default"

    def allow_relation(self, *_arguments: Any, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, *_arguments: Any, **_hints: Any) -> bool:
        return db == OWNER
