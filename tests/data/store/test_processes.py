"""Several processes at once on one database: nothing is lost, nothing is there twice."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from threading import Timer

import pytest
from sqlalchemy import text

from data.store.database import FILE_NAME, Store
from data.store.tables import JobState

OPEN = """
import sys
from threading import Timer
from pathlib import Path
from data.store.database import Store
store = Store(Path(sys.argv[1]))
"""


@pytest.fixture
def run(tmp_path, database):
    """Runs the same program in several processes at once, on the one database; gives the lines of each."""
    environment = os.environ | ({"WFM_DATABASE": database} if database else {})

    def run(program, *arguments, processes=2):
        command = [sys.executable, "-c", OPEN + program, str(tmp_path / "données"), *arguments]
        started = [
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(processes)
        ]
        answers = [process.communicate()[0].splitlines() for process in started]
        assert [process.returncode for process in started] == [0] * processes
        return answers

    return run


def test_writers_lose_nothing(run, open_store, stored_case):
    """Each opens a database that is not there yet, stores the same case, queues jobs of its own and jobs of keys that the
    other uses too, and works the queue.
    """
    told = run(
        """
from data.store.cases import add_case
from data.store.jobs import add_job, find_job_by_key
from data.store.leases import claim_next_job
from wfm.case import Case
case = Case.from_json(sys.argv[2])
for number in range(25):
    with store.write() as session:
        stored, new = add_case(session, case, {})
        print(f"case {stored.id} {new}")
    with store.write() as session:
        job = find_job_by_key(session, f"key {number}") or add_job(session, stored.id, {}, f"key {number}")
        print(f"shared {job.id}")
    with store.write() as session:
        print(f"own {add_job(session, stored.id, {'n': number}, None).id}")
while job is not None:
    with store.write() as session:
        job = claim_next_job(session, "w")
    print(f"taken {job and job.id}")
""",
        stored_case.canonical_json(),
    )
    lines = [line for answer in told for line in answer]
    told_of = {
        kind: [line.split()[1] for line in lines if line.startswith(kind)]
        for kind in ("case", "shared", "own", "taken")
    }
    assert (len(told_of["case"]), len(set(told_of["case"]))) == (50, 1)
    assert sum(line.endswith(" True") for line in lines) == 1
    queued = {*told_of["shared"], *told_of["own"]}
    assert (len(set(told_of["shared"])), len(set(told_of["own"])), len(queued)) == (25, 50, 75)
    assert sorted(told_of["taken"]) == sorted([*queued, "None", "None"])
    with open_store().read() as session:
        assert session.scalar(text("SELECT count(*) FROM alembic_version")) == 1
        rows = session.execute(text("SELECT id FROM jobs WHERE state = :state"), {"state": JobState.RUNNING})
        assert set(rows.scalars()) == queued


def test_one_plan_is_in_force_whoever_publishes(run, store, keep, tiny_forecast, tiny_requirement, tiny_plan):
    """Each stores and publishes plans of one case; versions are counted without gap, and all but one are superseded."""
    case_id = keep().case_id
    run(
        """
from data.store.jobs import add_job
from data.store.cases import find_case, load_case
from data.store.plans import add_plan, judge, publish_plan
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement
case_id, forecast, requirement, plan = sys.argv[2:]
made = {"forecast": Forecast.from_json(forecast), "requirement": Requirement.from_json(requirement)}
with store.read() as session:
    judged = judge(load_case(find_case(session, case_id)), plan=Plan.from_json(plan), seconds={}, **made)
for _ in range(5):
    with store.write() as session:
        kept = add_plan(session, case_id, judged, job=add_job(session, case_id, {}, None))
    with store.write() as session:
        publish_plan(session, kept.id)
""",
        case_id,
        *(document.canonical_json() for document in (tiny_forecast, tiny_requirement, tiny_plan)),
    )
    with store.read() as session:
        plans = session.execute(text("SELECT version, state FROM plans ORDER BY version")).all()
    assert [version for version, _ in plans] == list(range(1, 12))
    states = [state for _, state in plans]
    assert (states[0], states.count("published"), states.count("superseded")) == ("draft", 1, 9)


def test_opening_waits_for_whoever_makes_the_file(tmp_path):
    """SQLite refuses to switch a file's log at once while another process writes, where it waits for any other lock."""
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE unknown (id INTEGER)")
    release = Timer(0.5, lambda: other.execute("ROLLBACK"))
    release.start()
    Store(tmp_path).close()
    release.join()
    other.close()
