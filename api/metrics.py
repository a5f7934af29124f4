"""Metrics for Prometheus: this process's requests, and the database's jobs, workers and deliveries as they are when asked."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.types import Scope

from data.store.database import Store
from data.store.jobs import count_jobs, oldest_wait_seconds
from data.store.leases import count_workers
from data.store.tables import JobState
from data.store.webhooks import count_pending

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Those of one application."""

    def __init__(self, store: Store) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_OfStore(store))
        self._requests = Histogram(
            "wfm_request_seconds",
            "Time that requests took, by route, method and status.",
            ["route", "method", "status"],
            registry=self._registry,
            buckets=_BUCKETS,
        )

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request that was answered; by its route as declared, so that ids make no series of their own."""
        route = getattr(scope.get("route"), "path", "other")
        self._requests.labels(route, scope["method"], status).observe(seconds)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)


class _OfStore(Collector):
    """Every service of a database tells the same of these: scrape one, or take the maximum."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        with self._store.read() as session:
            jobs = GaugeMetricFamily("wfm_jobs", "Jobs in the database, by state.", labels=["state"])
            for state in JobState:
                jobs.add_metric([state.value], count_jobs(session, state))
            yield jobs
            waits = "Time that the job has waited that has waited longest, 0 without one."
            yield GaugeMetricFamily("wfm_oldest_wait_seconds", waits, value=oldest_wait_seconds(session))
            yield GaugeMetricFamily("wfm_workers", "Workers that were heard of lately.", value=count_workers(session))
            pending = "Events that webhooks are still to be told."
            yield GaugeMetricFamily("wfm_deliveries_pending", pending, value=count_pending(session))
