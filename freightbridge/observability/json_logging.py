"""Structured logs: one JSON object a line, in UTC, without secrets, with the correlation id."""

from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from freightbridge.observability.redaction import redact

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    hidden: EventDict = redact(dict(event))
    return hidden


def logging_configuration(*, is_readable: bool) -> dict[str, Any]:
    """For LOGGING in the settings; `is_readable`: for a person at a terminal rather than a log store."""
    renderer = structlog.dev.ConsoleRenderer() if is_readable else structlog.processors.JSONRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*SHARED, structlog.stdlib.ExtraAdder()],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    redact_event,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "WARNING"},
            # A refused or missing page is the visitor's news; request_id logs every request once.
            "django.request": {"level": "ERROR"},
            # It tells of each of the seven steps of a PDF; its warnings and errors stay.
            "weasyprint.progress": {"level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
