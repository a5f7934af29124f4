"""Faults on purpose, as JSON: `./dev bench faults [--database ADDRESS] [--worker-kills N] [--server-kills N]`.

`submissions`: so many plans asked for at the same moment from two services of one database, each request sent twice as after a
lost answer; counted are the jobs. `kills`: a service with its worker and more workers plan a small case again and again while a
process of theirs is killed (`kill -9`) every few seconds and started anew. Counted are jobs that did not end, plans lost (none
for a job, or a dearer one than was ever shown), stored twice, or breaking a rule. Without `--database` it is SQLite; a PostgreSQL
must be empty.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import func, select, text

from data.generate.case import generate_case
from data.ingest.case import read_case
from data.store.cases import add_case, find_case, load_case
from data.store.database import SETTING, Store
from data.store.jobs import add_job
from data.store.leases import LEASE
from data.store.tables import JobState, StoredCase, StoredCheckpoint, StoredJob, StoredPlan, StoredWorker
from wfm.check import check_plan
from wfm.plan import Plan
from wfm.requirement import Requirement

WFM = Path(sys.executable).with_name("wfm")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default=None, help="address of an empty PostgreSQL database")
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--worker-kills", type=int, default=100)
    parser.add_argument("--server-kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2, help="worker processes beside the service's own")
    parser.add_argument("--seconds", type=float, default=10.0, help="time limit of each plan's search")
    parser.add_argument("--pause", type=float, default=8.0, help="mean seconds between two kills")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wfm-faults-") as name:
        folder = Path(name)
        store = Store(folder / "data", arguments.database)
        environment = os.environ | ({SETTING: arguments.database} if arguments.database else {})
        case_id = _store_case(store, folder)
        told: dict[str, Any] = {
            "database": "postgresql" if arguments.database else "sqlite",
            "load": os.getloadavg()[0],
        }
        told["submissions"] = _submissions(store, environment, case_id, arguments.submissions)
        told["kills"] = _Kills(store, environment, case_id, arguments).run()
        store.close()
    print(json.dumps(told, indent=1))
    return 0


def _store_case(store: Store, folder: Path) -> str:
    generate_case("S", 1, folder / "case")
    loaded = read_case(folder / "case")
    with store.write() as session:
        return add_case(session, loaded.case, loaded.histories)[0].id


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _start(store: Store, environment: dict[str, str], *command: str) -> subprocess.Popen[bytes]:
    log = (store.data_dir / "log").open("ab")
    with log:
        return subprocess.Popen(  # noqa: S603 - our own command
            [WFM, *command, "--data", store.data_dir], env=environment, stdout=log, stderr=log, start_new_session=True
        )


def _until(condition: Callable[[], Any], seconds: float = 120.0) -> None:
    over = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > over:
            raise TimeoutError("it never came about")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _submissions(store: Store, environment: dict[str, str], case_id: str, count: int) -> dict[str, Any]:
    """Each of `count` requests is sent to both services at once."""
    ports = [_port(), _port()]
    services = [_start(store, environment, "serve", "--no-worker", "--port", str(port)) for port in ports]
    try:
        _until(lambda: all(_answers(port) for port in ports))

        def send(number: int) -> tuple[str, float]:
            body = json.dumps({"case_id": case_id, "seed": number // 2}).encode()
            headers = {"Content-Type": "application/json", "Idempotency-Key": f"submission {number // 2}"}
            address = f"http://127.0.0.1:{ports[number % 2]}/v1/plans"
            begun = time.perf_counter()
            with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=60) as answer:
                return json.load(answer)["id"], time.perf_counter() - begun

        with ThreadPoolExecutor(2 * count) as threads:
            answers = list(threads.map(send, range(2 * count)))
        with store.write() as session:
            stored = set(session.scalars(select(StoredJob.id)))
            session.execute(text("DELETE FROM jobs"))
    finally:
        for service in services:
            service.kill()
            service.wait()
    told = {job_id for job_id, _ in answers}
    seconds = sorted(seconds for _, seconds in answers)
    return {
        "submitted": count,
        "requests": len(answers),
        "lost": len(told - stored),
        "twice": len(stored) - count,
        "seconds_median": round(seconds[len(seconds) // 2], 3),
        "seconds_longest": round(seconds[-1], 3),
    }


@dataclass
class _Followed:
    """What was seen of a job: the least cost ever shown, and when its worker was last heard of."""

    shown: int | None = None
    attempt: int = 0
    heard: datetime | None = None


class _Kills:
    def __init__(self, store: Store, environment: dict[str, str], case_id: str, arguments: argparse.Namespace) -> None:
        self._store, self._environment, self._case_id, self._arguments = store, environment, case_id, arguments
        self._chance = random.Random(arguments.seed)  # noqa: S311 - which process is killed, and when
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._followed: defaultdict[str, _Followed] = defaultdict(_Followed)
        self._free_since: dict[str, datetime] = {}
        self._restarts: list[float] = []

    def run(self) -> dict[str, Any]:
        todo = ["worker"] * self._arguments.worker_kills + ["server"] * self._arguments.server_kills
        self._chance.shuffle(todo)
        begun = time.monotonic()
        names = ["server", *(f"worker {number}" for number in range(self._arguments.workers))]
        try:
            for name in names:
                self._start(name)
            for kind in todo:
                self._follow(self._chance.expovariate(1 / self._arguments.pause))
                self._kill(self._at_work(kind))
            _until(lambda: not self._look(), 1800)
        finally:
            for process in self._processes.values():
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        kills = {"worker_kills": self._arguments.worker_kills, "server_kills": self._arguments.server_kills}
        return kills | self._found() | {"seconds": round(time.monotonic() - begun, 1)}

    def _start(self, name: str) -> None:
        command = ["serve", "--port", str(_port())] if name == "server" else ["worker"]
        self._processes[name] = _start(self._store, self._environment, *command)

    def _at_work(self, kind: str) -> str:
        """One of those processes that run a job, as soon as there is one."""
        while True:
            self._follow(0)
            with self._store.read() as session:
                workers = select(StoredJob.worker).where(StoredJob.state == JobState.RUNNING)
                pids = {int(str(worker).split("-")[-2]) for worker in session.scalars(workers)}
            busy = [name for name, process in self._processes.items() if name.startswith(kind) and process.pid in pids]
            if busy:
                return self._chance.choice(busy)

    def _kill(self, name: str) -> None:
        """Kill the process alone: what it started must not outlive it by itself."""
        self._processes[name].kill()
        self._processes[name].wait()
        self._start(name)

    def _follow(self, seconds: float) -> None:
        """Look on for so long, and until a job runs, with more jobs waiting than there are workers."""
        over, running = time.monotonic() + seconds, 0
        while time.monotonic() < over or not running:
            time.sleep(0.1)
            states = self._look()
            running = states.count(JobState.RUNNING)
            if states.count(JobState.QUEUED) < 2:
                parameters = {"time_limit_seconds": self._arguments.seconds, "seed": len(self._followed), "workers": 1}
                with self._store.write() as session:
                    add_job(session, self._case_id, parameters, None)

    def _look(self) -> list[JobState]:
        """Note how things stand; the states of jobs that have not ended."""
        with self._store.read() as session:
            jobs = list(session.scalars(select(StoredJob)))
            for worker in session.scalars(select(StoredWorker)):
                self._free_since.setdefault(worker.id, worker.seen_at)
        for job in jobs:
            self._note(job)
        return [job.state for job in jobs if not job.state.is_final]

    def _note(self, job: StoredJob) -> None:
        followed, worker = self._followed[job.id], str(job.worker)
        cost = (job.progress or {}).get("incumbent_cents")
        if cost is not None:
            followed.shown = min(cost, followed.shown or cost)
        if job.finished_at is not None:
            self._free_since[worker] = max(self._free_since.get(worker, job.finished_at), job.finished_at)
        elif job.lease_until is not None:
            renewed = job.lease_until - LEASE
            if job.attempt > followed.attempt and followed.heard is not None:
                free = self._free_since.get(worker, renewed)
                self._restarts.append((renewed - max(followed.heard, free)).total_seconds())
            followed.attempt, followed.heard = job.attempt, renewed

    def _found(self) -> dict[str, Any]:
        """The final account: every job, every plan."""
        broken = dearer = 0
        with self._store.read() as session:
            jobs = {job.id: job for job in session.scalars(select(StoredJob))}
            plans = list(session.scalars(select(StoredPlan)))
            stored_case = find_case(session, self._case_id)
            case = load_case(cast("StoredCase", stored_case))
            for plan in plans:
                broken += bool(check_plan(case, Requirement.from_json(plan.requirement), Plan.from_json(plan.plan)))
                dearer += plan.cost_cents > (self._followed[plan.job_id].shown or plan.cost_cents)
            left = session.scalar(select(func.count()).select_from(StoredCheckpoint))
            whole = self._arguments.database or session.scalar(text("PRAGMA integrity_check")) == "ok"
        done = {job.id for job in jobs.values() if job.state is JobState.DONE}
        of_jobs = [plan.job_id for plan in plans]
        restarts = sorted(self._restarts)
        return {
            "jobs": len(jobs),
            "done": len(done),
            "not_ended": sum(not job.state.is_final for job in jobs.values()),
            "failed": [(job.problem or {}).get("code") for job in jobs.values() if job.state is JobState.FAILED],
            "plans_lost": len(done - set(of_jobs)) + dearer,
            "plans_twice": len(of_jobs) - len(set(of_jobs)),
            "plans_breaking_a_rule": broken,
            "checkpoints_left": left,
            "database_whole": bool(whole),
            "attempts": sum(job.attempt for job in jobs.values()),
            "restarts": len(restarts),
            "restart_seconds_median": round(restarts[len(restarts) // 2], 2) if restarts else None,
            "restart_seconds_longest": round(restarts[-1], 2) if restarts else None,
            "restarts_later_than_10_s": sum(seconds > 10 for seconds in restarts),
        }


if __name__ == "__main__":
    sys.exit(main())
