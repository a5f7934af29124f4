"""The command that works jobs."""

from __future__ import annotations

import signal
import time

from api.cli.keys import DATA_DIR, Database, DataDir

LOOK_SECONDS = 0.5
"""How often it is looked whether the worker was told to end."""


def worker(data: DataDir = DATA_DIR, database: Database = None) -> None:
    """Work the jobs of a service, one at a time.

    Any number of workers share a database with any number of services. SIGTERM or Ctrl-C gives the running job back.
    """
    from api.chain_process import forecast_in_process, run_in_process
    from api.logs import configure_logs
    from api.worker import Worker
    from data.store.database import Store

    configure_logs()
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, _frame: told.append(signum))
    store = Store(data, database)
    working = Worker(store, run_in_process, forecast_in_process)
    working.start()
    # A wait without an end would miss a signal that comes just before it: the handler runs once this thread is awake.
    while not told:
        time.sleep(LOOK_SECONDS)
    working.close()
    store.close()
