"""The files that the demo books are written in, and the ids made from the names in them."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

FOLDER = Path(__file__).parent
NAMESPACE = UUID("5f1f8f5c-7f0a-5a6e-9a53-2b1f0c0d5e11")


def demo_id(*names: str) -> str:
    return str(uuid5(NAMESPACE, "/".join(names)))


def read_demo_file(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
