"""What templates need beside Django's own tags; the components themselves are templates."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django_filters import FilterSet

from freightbridge.ui.filter_bar import draw_filter_bar
from freightbridge.ui.page_address import page_address
from freightbridge.ui.pill import Pill

register = template.Library()
FIRST_PAGE = "overview"
# Of parts that are drawn once: a few of each company that somebody looks at.
MOST = 1000


@register.simple_tag(takes_context=True)
def page_url(context: Context, name: str, *arguments: Any) -> str:
    """The address of a page of the company that is open."""
    return page_address(context["tenant"], name, *arguments)


@register.simple_tag(takes_context=True)
def why_not_named(context: Context, permission: str) -> str:
    """The reason against a permission that a value names; empty where it is allowed, or none is needed."""
    return str(context["why_not"].get(permission, ""))


@register.simple_tag
def filter_bar(filters: FilterSet, *, target: str, label: str) -> SafeString:
    """`target`: the id of the part that follows; `label`: of the search."""
    return draw_filter_bar(filters.form, target=target, label=label)


@register.simple_tag
@lru_cache(maxsize=MOST)
def draw_once(template: str, **values: Any) -> SafeString:
    """A part of every page that these values alone decide, and nothing else that the page knows."""
    return render_to_string(template, values)


@register.simple_tag(takes_context=True)
def nav_item(context: Context, name: str, label: str, icon: str, reason: str = "") -> SafeString:
    """
    A page of the menu; it is the current one on every page below its address. `reason`: why it cannot be opened.

    All pages lie below a company's first one, which is current only by itself.
    """
    address, path = page_address(context["tenant"], name), context["request"].path
    is_first = address == page_address(context["tenant"], FIRST_PAGE)
    return draw_once(
        "components/nav_item.html",
        address=address,
        label=label,
        icon=icon,
        reason=reason,
        is_current=path == address if is_first else path.startswith(address),
    )


@register.simple_tag
@lru_cache(maxsize=500)
def state_pill(pill: Pill | None) -> SafeString:
    """A list shows the same few hundreds of times: each is drawn once. Empty where there is no state."""
    return render_to_string("components/state_pill.html", {"pill": pill})


@register.simple_tag
def draw_rows(template: str, **values: Any) -> SafeString:
    """A template of jinja_environment, which sees these values and nothing else of the page."""
    return mark_safe(render_to_string(template, values, using="jinja"))  # noqa: S308 the template escapes by itself


@register.filter
def money(amount: Decimal | None, currency: str = "") -> SafeString | str:
    """1250 as `AUD 1,250.00`; the currency is always shown, quietly."""
    if amount is None:
        return "—"
    return format_html('<span class="money"><small>{}</small> {}</span>', currency, f"{amount:,.2f}")


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """
    In the company's time zone, which the middleware has set; to the second when pointed at. Dates and names of zones
    need no escaping, which took a third of the time in which a list draws fifty of them.
    """
    if value is None:
        return "—"
    local = localtime(value)
    return mark_safe(  # noqa: S308 nothing that somebody has written
        f'<time datetime="{value.isoformat()}" title="{local:%A %d %B %Y, %H:%M:%S %Z}">'
        f"{local.day} {local:%b %Y, %H:%M}</time>"
    )


@register.filter
def price(value: Decimal | None) -> str:
    """At least two decimals, up to four."""
    return "—" if value is None else f"{value:,.2f}" if value == round(value, 2) else f"{value.normalize():,f}"


@register.filter
def number(value: Decimal | None) -> str:
    """Up to four decimals, none that say nothing."""
    if value is None:
        return "—"
    return f"{value.normalize():,f}"
