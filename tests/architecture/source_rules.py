"""What is asked of every source file; each rule answers with findings, so that a breach can be shown to be found."""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("freightbridge", "integrations", "invoices")
LONGEST_FUNCTION = 60
FORBIDDEN = {
    "utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "managers", "service",
    "services", "handler", "handlers", "processor", "processors", "engine", "engines",
}  # fmt: skip
# Names that Django, Celery or Python demand may stand more than once.
DEMANDED = {
    "__init__.py", "__main__.py", "apps.py", "models.py", "urls.py", "tasks.py", "conftest.py", "formats.py",
    "migrate.py", "prepare_database.py", "settings.py",
}  # fmt: skip

DELAYS = {"countdown", "eta", "autoretry_for", "retry_backoff", "default_retry_delay"}

Rule = Callable[[Iterable[Path]], Iterator[str]]


def source_files() -> list[Path]:
    return [
        path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts
    ]


def check_files() -> list[Path]:
    """Tests too, but for the samples that break the rules."""
    return [path for path in sorted((ROOT / "tests").rglob("*.py")) if "breaches" not in path.parts]


def too_long_files(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        lines = len(path.read_text().splitlines())
        if lines > _longest(path):
            yield f"{path.name}: {lines} lines, {_longest(path)} are allowed"


def too_long_functions(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        for node in _nodes(path, ast.FunctionDef, ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path.name}: {node.name} has {length} lines, {LONGEST_FUNCTION} are allowed"


def forbidden_names(paths: Iterable[Path]) -> Iterator[str]:
    """Django's Manager subclasses are what they are called."""
    for path in paths:
        if FORBIDDEN & set(path.stem.split("_")) and path.stem != "tenant_manager":
            yield f"{path.name}: says nothing of what is inside"
        for node in _nodes(path, ast.ClassDef):
            words = {word.lower() for word in re.findall(r"[A-Z][a-z]*", node.name)}
            if FORBIDDEN & words and not (words & FORBIDDEN <= {"manager"} and _is_django_manager(node)):
                yield f"{path.name}: the class {node.name} says nothing of what it is"


def repeated_file_names(paths: Iterable[Path]) -> Iterator[str]:
    found: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        if path.name not in DEMANDED:
            found[path.name].append(path)
    for name, places in found.items():
        if len(places) > 1:
            yield f"{name} stands in {', '.join(sorted(str(place.parent) for place in places))}"


def filled_packages(paths: Iterable[Path]) -> Iterator[str]:
    """Importing a package must load nothing; only models are gathered in theirs, since Django looks there."""
    for path in paths:
        if path.name == "__init__.py" and path.parent.name != "models" and path.read_text().strip():
            yield f"{path.parent.name}/__init__.py is not empty"


def lone_modules(paths: Iterable[Path]) -> Iterator[str]:
    """A package is made for its second file."""
    modules: dict[Path, int] = defaultdict(int)
    for path in paths:
        if path.name != "__init__.py":
            modules[path.parent] += 1
    for folder, count in modules.items():
        is_demanded = folder.name in {"commands", "formats", "en_GB", "templatetags"}
        if count == 1 and not is_demanded and not any(child.is_dir() for child in folder.iterdir()):
            yield f"{folder.name} holds one module only"


def delayed_tasks(paths: Iterable[Path]) -> Iterator[str]:
    """
    A message with a delay is lost with Redis, and doubled once it waits longer than the visibility time-out: delays
    stand in PostgreSQL.
    """
    for path in paths:
        for node in _nodes(path, ast.Call):
            names = {keyword.arg for keyword in node.keywords} & DELAYS
            if isinstance(node.func, ast.Attribute) and node.func.attr == "retry":
                names.add("retry()")
            for name in sorted(names):
                yield f"{path.name}: {name} leaves a delay to Celery"


def _longest(path: Path) -> int:
    if path.is_relative_to(ROOT / "tests") and "breaches" not in path.parts:
        return 500
    return 200 if "models" in path.parts or path.name == "models.py" else 300


def _is_django_manager(node: ast.ClassDef) -> bool:
    return any("Manager" in ast.unparse(parent) for parent in node.bases)


def _nodes(path: Path, *kinds: type[ast.AST]) -> Iterator:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds))
