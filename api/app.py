"""The service as one FastAPI application."""

from __future__ import annotations

import importlib.metadata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import FrameType

from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.gzip import GZipMiddleware

from api.auth import KeyGate, warn_if_open
from api.body_limit import BodyLimit
from api.chain_process import forecast_in_process, run_in_process
from api.conditional import ConditionalGet
from api.job_run import Chain, Forecaster
from api.logs import configure_logs
from api.metrics import Metrics
from api.openapi import describe
from api.pages import home
from api.problems import install_problems
from api.rate_limit import PER_SECOND
from api.request_log import RequestLog
from api.services import Services, refuse_other_sites
from api.upload import MAX_UPLOAD_BYTES
from api.v1 import (
    assignments,
    audit,
    capacity_requests,
    cases,
    draft_items,
    drafts,
    figures,
    forecast_accuracy,
    forecasts,
    health,
    jobs,
    keys,
    law,
    plan_compare,
    plan_tables,
    plans,
    replan,
    requirements,
    simulation,
    webhooks,
)
from api.worker import Worker
from data.store.database import Store
from wfm.clock import check_tzdata

_DESCRIPTION = """Plans rosters and partner purchases together: send a case, let it be planned, fetch the plan.

Money is in minor units (cents) of the case's currency; instants are UTC, wall times say whose they are. Every error is
problem details (RFC 9457) with a machine code; `/v1/problems` lists the codes."""


def create_app(
    data_dir: Path,
    run_chain: Chain = run_in_process,
    run_forecast: Forecaster = forecast_in_process,
    *,
    database: str | None = None,
    max_upload_bytes: int = MAX_UPLOAD_BYTES,
    with_worker: bool = True,
    requests_per_second: float = PER_SECOND,
) -> FastAPI:
    """The application over one database (`data.store.database.Store`) and data directory; `with_worker`, it works jobs itself
    while it is started (lifespan). Any number of services and workers may share a database.

    Raises WfmError when the time zone data is stale or the database is of another version.
    """
    check_tzdata()
    store = Store(data_dir, database)
    runner = Worker(store, run_chain, run_forecast)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if with_worker:
            runner.start()
        try:
            yield
        finally:
            await run_in_threadpool(runner.close)
            store.close()

    app = FastAPI(
        title="Workforce planner",
        version=importlib.metadata.version("wfm-planner"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        dependencies=[Depends(refuse_other_sites)],
        openapi_url="/v1/openapi.json",
        docs_url=None,  # its pages load scripts from elsewhere; api.pages.home draws /docs instead
        redoc_url=None,
    )
    metrics = Metrics(store)
    app.state.services = Services(store, runner, metrics)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # as FastAPI's guide extends it
    install_problems(app)
    app.add_middleware(ConditionalGet)  # each wraps those before it: this one sees answers as they are
    app.add_middleware(BodyLimit, max_bytes=max_upload_bytes)
    app.add_middleware(KeyGate, store=store, requests_per_second=requests_per_second)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(RequestLog, metrics=metrics)
    for resource in (
        health,
        cases,
        drafts,
        draft_items,
        plans,
        assignments,
        replan,
        plan_tables,
        plan_compare,
        figures,
        simulation,
        forecasts,
        forecast_accuracy,
        requirements,
        jobs,
        capacity_requests,
        webhooks,
        law,
        audit,
        keys,
        home,
    ):
        app.include_router(resource.router)
    home.mount_static(app)
    return app


def serve(
    data_dir: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    run_chain: Chain = run_in_process,
    *,
    database: str | None = None,
    with_worker: bool = True,
) -> None:
    """Serve until interrupted; the running job is then gone on with by another worker, or after the next start.

    Raises WfmError like `create_app`.
    """
    import uvicorn

    configure_logs()
    app = create_app(data_dir, run_chain, database=database, with_worker=with_worker)
    warn_if_open(app.state.services.store, host)

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            # At once: who follows a job keeps a connection open, and the lifespan ends only after all connections.
            app.state.services.runner.begin_close()
            super().handle_exit(sig, frame)

    with suppress(KeyboardInterrupt):  # raised again by uvicorn once everything is closed
        Server(
            uvicorn.Config(app, host=host, port=port, timeout_graceful_shutdown=10, log_config=None, access_log=False)
        ).run()
