"""What request handlers work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.metrics import Metrics
from api.problems import ProblemError
from api.worker import Worker
from data.store.database import Store


@dataclass(frozen=True)
class Services:
    store: Store
    runner: Worker
    metrics: Metrics


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Service = Annotated[Services, Depends(_services)]


def refuse_other_sites(request: Request) -> None:
    """A browser sends its log-in along unasked: a page of another site must not make it send cases or stop jobs."""
    if request.method not in {"GET", "HEAD"} and request.headers.get("sec-fetch-site") == "cross-site":
        raise ProblemError("cross-site", "A page of another site sent this request. Use this service's own pages.")
