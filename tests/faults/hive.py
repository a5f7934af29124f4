"""A parent of workers: forks one for each line that it is sent and tells its process id, so that none imports everything anew.

python hive.py DATA_DIR DOCUMENTS
"""

import os
import signal
import sys
import time
from pathlib import Path

from api.logs import configure_logs
from api.worker import Worker
from data.store.database import Store
from models.result import ChainResult
from wfm.checkpoint import Checkpoint
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.progress import Progress
from wfm.requirement import Requirement

SLEEPY = 13
data_dir, documents = (Path(name) for name in sys.argv[1:])
forecast, requirement, plan = (
    kind.from_json((documents / f"{name}.json").read_text(encoding="utf-8"))
    for name, kind in {"forecast": Forecast, "requirement": Requirement, "plan": Plan}.items()
)


def chain(case, histories, *, time_limit, seed, workers, stop, on_progress, begin, on_checkpoint):
    """Keeps the plan at once and gives it when the time is up. With SLEEPY as seed, the first to run it falls asleep, holding
    no lock.
    """
    if begin is None:
        on_checkpoint(Checkpoint(forecast, requirement, plan, {"plan": 1.0}, 1.0))
        if seed == SLEEPY:
            os.kill(os.getpid(), signal.SIGSTOP)
    over = time.monotonic() + time_limit
    while time.monotonic() < over and not stop():
        on_progress(Progress(stage="plan", fraction=0.5, message="waiting"))
        time.sleep(0.02)
    return ChainResult(forecast, requirement, plan, [], {"plan": 1.0})


def work():
    """A worker's whole life: until it is killed."""
    Worker(Store(data_dir), chain, None).start()
    while True:
        signal.pause()


configure_logs()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        work()
    print(child, flush=True)
