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
from api.chain_process import run_in_process
from api.jobs import Chain, JobRunner
from api.openapi import describe
from api.pages import home
from api.problems import install_problems
from api.services import Services, refuse_other_sites
from api.upload import MAX_UPLOAD_BYTES
from api.v1 import (
    capacity_requests,
    cases,
    figures,
    forecast_accuracy,
    forecasts,
    health,
    jobs,
    law,
    plan_tables,
    plans,
    simulation,
)
from data.store.database import Store
from wfm.clock import check_tzdata

_DESCRIPTION = """Plans rosters and partner purchases together: send a case, let it be planned, fetch the plan.

Money is in minor units (cents) of the case's currency; instants are UTC, wall times say whose they are. Every error is
problem details (RFC 9457) with a machine code; `/v1/problems` lists the codes."""


def create_app(
    data_dir: Path,
    run_chain: Chain = run_in_process,
    *,
    database: str | None = None,
    max_upload_bytes: int = MAX_UPLOAD_BYTES,
) -> FastAPI:
    """The application over one database (`data.store.database.Store`) and data directory; its jobs run while it is started
    (lifespan).

    Raises WfmError when the time zone data is stale or the database is of another version; at start, when another
    service works in `data_dir`.
    """
    check_tzdata()
    store = Store(data_dir, database)
    runner = JobRunner(store, run_chain)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
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
    app.state.services = Services(store, runner)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # as FastAPI's guide extends it
    install_problems(app)
    app.add_middleware(BodyLimit, max_bytes=max_upload_bytes)
    app.add_middleware(KeyGate, store=store)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    for resource in (
        health,
        cases,
        plans,
        plan_tables,
        figures,
        simulation,
        forecasts,
        forecast_accuracy,
        jobs,
        capacity_requests,
        law,
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
) -> None:
    """Serve until interrupted; then the running job ends with the best plan that it has.

    Raises WfmError like `create_app`.
    """
    import uvicorn

    app = create_app(data_dir, run_chain, database=database)
    warn_if_open(app.state.services.store, host)

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            # At once: who follows a job keeps a connection open, and the lifespan ends only after all connections.
            app.state.services.runner.begin_close()
            super().handle_exit(sig, frame)

    with suppress(KeyboardInterrupt):  # raised again by uvicorn once everything is closed
        Server(uvicorn.Config(app, host=host, port=port, timeout_graceful_shutdown=10)).run()
