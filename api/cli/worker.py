"""The command that works jobs."""

from __future__ import annotations

import signal
from queue import SimpleQueue

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
    # Unlike an event's, its lock may be taken by a handler that interrupts who waits for it.
    over: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, _frame: over.put(signum))
    store = Store(data, database)
    working = Worker(store, run_in_process, forecast_in_process)
    working.start()
    over.get()
    working.close()
    store.close()
