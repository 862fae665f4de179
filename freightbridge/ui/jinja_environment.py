"""
What is long is drawn by Jinja2, rows of lists and invoices on paper: of fifty shipments Django's own templates took a
quarter of the request.

All else of a page stays with Django's; what is drawn there once, such as a pill or an icon, is drawn here too.
"""

from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_micro
from jinja2 import BaseLoader, Environment, StrictUndefined

from freightbridge.ui.page_address import page_address
from freightbridge.ui.templatetags.components import moment, money, state_pill

# Of codes, or of labels with reasons: only the catalogue and the roles name them.
MOST = 500


def jinja_environment(*, loader: BaseLoader, auto_reload: bool, **_options: Any) -> Environment:
    """What the settings name; Django's Jinja2 backend calls it."""
    environment = Environment(
        loader=loader, auto_reload=auto_reload, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.update(
        page_address=page_address, state_pill=state_pill, icon=_icon, problem_code=_problem_code, refused=_refused
    )
    environment.filters.update(money=money, moment=moment)
    return environment


@lru_cache(maxsize=MOST)
def _icon(name: str, size: int, classes: str = "") -> str:
    return heroicon_micro(name, size=size, **({"class": classes} if classes else {}))


@lru_cache(maxsize=MOST)
def _problem_code(code: str) -> SafeString:
    return render_to_string("components/problem_code.html", {"code": code})


@lru_cache(maxsize=MOST)
def _refused(label: str, reason: str) -> SafeString:
    """A small button that this person may not press."""
    return render_to_string("components/button_with_reason.html", {"label": label, "look": "sm", "reason": reason})
