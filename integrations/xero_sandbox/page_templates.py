"""The sandbox's own HTML pages: templates in pages/, one style sheet, no scripts."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from integrations.xero_sandbox.wire.http_messages import Answer, html_answer

PAGES = Path(__file__).parent / "pages"
STYLE_PATH = "/sandbox.css"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
_environment = Environment(
    loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def page(name: str, *, status: int = 200, **context: Any) -> Answer:
    html = _environment.get_template(name).render(**context)
    return html_answer(html, status=status).with_headers(
        ("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")
    )


def style_sheet() -> Answer:
    body = (PAGES / "sandbox.css").read_bytes()
    return Answer(status=200, headers=(("Content-Type", "text/css; charset=utf-8"),), body=body)
