"""What the service and its workers log: one line an event, on standard error, with the ids of request, job and worker.

JSON where a program reads it, columns where a person does (a terminal). Nothing of any case is logged but ids.
"""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logs() -> None:
    """Send everything, also what libraries log, the same way."""
    before: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(allow={"request"}),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    for_people: list[structlog.types.Processor] = [structlog.dev.ConsoleRenderer()]
    for_programs: list[structlog.types.Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(for_people if sys.stderr.isatty() else for_programs),
            ],
        )
    )
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
