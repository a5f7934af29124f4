"""The command that works jobs."""

from __future__ import annotations

import signal
import threading

from api.cli.keys import DATA_DIR, Database, DataDir


def worker(data: DataDir = DATA_DIR, database: Database = None) -> None:
    """Work the jobs of a service, one at a time.

    Any number of workers share a database with any number of services. SIGTERM or Ctrl-C gives the running job back.
    """
    from api.chain_process import forecast_in_process, run_in_process
    from api.logs import configure_logs
    from api.worker import Worker
    from data.store.database import Store

    configure_logs()
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    store = Store(data, database)
    working = Worker(store, run_in_process, forecast_in_process)
    working.start()
    over.wait()
    working.close()
    store.close()
