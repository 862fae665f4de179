"""What is asked of every template: nothing a strict policy would block, and components that stay small."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parents[2]
# Of whole pages; of the rows of long lists and of PDFs, which Jinja2 draws.
ENGINES = {".html": "django", ".jinja": "jinja"}
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in ENGINES)
# What is no page: paper, and mail, which no policy of ours guards and which may load nothing.
NO_PAGES = {"pdf", "mail"}
PAGES = [path for path in TEMPLATES if not NO_PAGES & set(path.parts)]
COMPONENTS = [path for path in TEMPLATES if path.parent.name == "components"]
LONGEST_COMPONENT = 40
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=|\shx-on|javascript:", re.IGNORECASE)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_compiles_and_has_no_inline_script_or_style(path: Path) -> None:
    get_template(name_of(path), using=ENGINES[path.suffix])

    assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize(
    "sample", ['<p style="color:red">', "<script>x</script>", '<a onclick="x">', "<style>", '<b hx-on:click="x">']
)
def test_inline_script_and_style_would_be_found(sample: str) -> None:
    assert INLINE.search(sample)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_says_first_what_it_takes(path: Path) -> None:
    assert re.match(r"\{# \S.* #\}$", path.read_text().splitlines()[0])


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_component_is_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_COMPONENT
