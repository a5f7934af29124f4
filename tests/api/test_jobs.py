import json
import signal
import threading
from contextlib import ExitStack, closing
from datetime import UTC, datetime

import httpx2
import pytest
import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy import delete

from api.app import create_app, serve
from api.chain_process import ProcessDiedError
from api.job_run import MOST_CRASHES, MOST_DEATHS
from data.store.cases import add_case
from data.store.checkpoints import save_checkpoint
from data.store.database import Store
from data.store.jobs import add_job, find_job
from data.store.leases import claim_next_job, release_job
from data.store.plans import list_plans
from data.store.tables import JobState, StoredCheckpoint
from wfm.checkpoint import Checkpoint
from wfm.errors import WfmError

PARAMETERS = {"time_limit_seconds": 1, "seed": 0, "workers": 1}


def test_a_job_from_request_to_plan(client, case_id, ended, chain, tiny_case, tiny_plan):
    answer = client.post("/v1/plans", json={"case_id": case_id, "time_limit_seconds": 7, "seed": 3, "workers": 1})
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    done = ended(job["id"])
    assert done["state"] == "done"
    assert done["parameters"] == {"time_limit_seconds": 7, "seed": 3, "workers": 1}
    cost, bound = tiny_plan.certificate.cost_cents, tiny_plan.certificate.bound_cents
    assert done["progress"] == {
        "stage": "plan", "fraction": 0.25, "message": "Searching", "incumbent_cents": cost, "bound_cents": bound,
        "gap_cents": cost - bound, "gap": (cost - bound) / cost,
    }, "the incumbent shown is the plan that is kept"  # fmt: skip
    assert done["created_at"] <= done["started_at"] <= done["finished_at"]
    asked = {"case": tiny_case, "time_limit": 7, "rounds": None, "seed": 3, "workers": 1, "begin": None}
    assert chain.calls == [asked]
    assert client.get(f"/v1/plans/{done['plan_id']}").json()["job_id"] == job["id"]


def test_unknown_case_is_pointed_at(client):
    answer = client.post("/v1/plans", json={"case_id": "none"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/case_id"


def test_the_same_key_gives_the_same_job(client, case_id, ended, chain):
    headers = {"Idempotency-Key": "clef-1"}
    first, again = (client.post("/v1/plans", json={"case_id": case_id}, headers=headers) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    ended(first.json()["id"])
    replayed = client.post("/v1/plans", json={"case_id": case_id}, headers=headers)
    assert (replayed.status_code, replayed.json()["state"]) == (202, "done")
    assert len(chain.calls) == 1
    other = client.post("/v1/plans", json={"case_id": case_id, "seed": 9}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")


@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_a_stopped_job_keeps_its_best_plan(client, case_id, ended, chain, method):
    chain.release.clear()
    job_id = client.post("/v1/plans", json={"case_id": case_id}).json()["id"]
    assert chain.started.wait(20)
    assert client.get(f"/v1/jobs/{job_id}").json()["state"] == "running"
    answer = client.request(method, f"/v1/jobs/{job_id}" + ("/cancel" if method == "POST" else ""))
    assert (answer.status_code, answer.json()["stop_requested"]) == (202, True)
    assert ended(job_id)["plan_id"] is not None
    late = client.delete(f"/v1/jobs/{job_id}")
    assert (late.status_code, late.json()["code"]) == (409, "job-finished")


def test_a_queued_job_is_cancelled_at_once(client, case_id, ended, chain):
    chain.release.clear()
    first, second = (client.post("/v1/plans", json={"case_id": case_id}).json()["id"] for _ in range(2))
    assert chain.started.wait(20)
    assert client.delete(f"/v1/jobs/{second}").json()["state"] == "cancelled"
    chain.release.set()
    assert ended(first)["state"] == "done"
    assert len(chain.calls) == 1


def test_a_job_stopped_before_any_plan_is_cancelled(client, case_id, ended, chain):
    chain.release.clear()
    chain.error = WfmError("Stopped before a plan was found.")
    job_id = client.post("/v1/plans", json={"case_id": case_id}).json()["id"]
    assert chain.started.wait(20)
    client.delete(f"/v1/jobs/{job_id}")
    job = ended(job_id)
    assert (job["state"], job["plan_id"]) == ("cancelled", None)


@pytest.mark.parametrize(
    ("error", "code", "detail"),
    [(WfmError("Rules contradict."), "no-plan", "Rules contradict."), (ZeroDivisionError(), "internal", "log")],
)
def test_a_failed_job_says_why_and_the_next_one_works(run_job, chain, error, code, detail):
    chain.error = error
    job = run_job()
    assert (job["state"], job["problem"]["code"], job["plan_id"]) == ("failed", code, None)
    assert detail in job["problem"]["detail"]
    chain.error = None
    assert run_job()["state"] == "done"


def test_a_plan_that_breaks_a_rule_is_not_stored(app, run_job, chain, tiny_plan):
    """The chain claims that all is well; the store checks for itself."""
    wrong_bill = tiny_plan.bill.model_copy(update={"total_cents": tiny_plan.bill.total_cents - 1})
    object.__setattr__(chain.result, "plan", tiny_plan.model_copy(update={"bill": wrong_bill}))
    job = run_job()
    assert (job["state"], job["problem"]["code"]) == ("failed", "plan-rejected")
    assert {fault["code"] for fault in job["problem"]["errors"]} >= {"BILL"}
    with app.state.services.store.read() as session:
        assert list_plans(session, 10) == []


@pytest.fixture
def left(app, tiny_case, chain):
    """A job that a dead service left with its best plan, and one that waits behind it; their ids."""
    made = Checkpoint(chain.result.forecast, chain.result.requirement, chain.result.plan, {"plan": 9.0}, searched=4.0)
    with app.state.services.store.write() as session:
        case_id = add_case(session, tiny_case, {})[0].id
        ids = [add_job(session, case_id, PARAMETERS, None).id for _ in range(2)]
        job = claim_next_job(session, "dead")
        save_checkpoint(session, job, made)
        job.lease_until = datetime(2026, 1, 1, tzinfo=UTC)
    chain.kept = made
    return ids


def test_a_job_that_a_dead_service_left_goes_on_from_its_best_plan(app, left, chain):
    with TestClient(app) as client:
        for job_id in left:
            with client.stream("GET", f"/v1/jobs/{job_id}/events") as events:
                assert "event: end" in events.read().decode()
            assert client.get(f"/v1/jobs/{job_id}").json()["state"] == "done"
    assert [call["begin"] for call in chain.calls] == [chain.kept, None]


def test_a_stopped_job_that_no_worker_had_ends_with_its_best_plan(app, left, chain):
    with app.state.services.store.write() as session:
        release_job(find_job(session, left[0], lock=True))
    app.state.services.runner.stop(left[0])
    with TestClient(app) as client:
        with client.stream("GET", f"/v1/jobs/{left[0]}/events") as events:
            assert "event: end" in events.read().decode()
        job = client.get(f"/v1/jobs/{left[0]}").json()
        assert (job["state"], job["stop_requested"]) == ("done", True)
        assert client.get(f"/v1/plans/{job['plan_id']}/violations").json() == []
        assert client.get(f"/v1/plans/{job['plan_id']}").json()["seconds"] == {"plan": 9.0}


@pytest.mark.parametrize(("has_plan", "state"), [(True, "done"), (False, "failed")])
@pytest.mark.parametrize("counts", [{"crashes": MOST_CRASHES - 1}, {"deaths": MOST_DEATHS}])
def test_a_job_that_processes_die_of_is_given_up(app, left, chain, counts, has_plan, state):
    with app.state.services.store.write() as session:
        job = find_job(session, left[0], lock=True)
        for name, count in counts.items():
            setattr(job, name, count)
        if not has_plan:
            session.execute(delete(StoredCheckpoint))
    with TestClient(app) as client:
        with client.stream("GET", f"/v1/jobs/{left[0]}/events") as events:
            assert "event: end" in events.read().decode()
        job = client.get(f"/v1/jobs/{left[0]}").json()
    assert job["state"] == state
    assert (job["problem"] or {}).get("code") == (None if has_plan else "workers-vanished")


def test_a_process_that_dies_is_tried_again(client, case_id, ended, chain):
    chain.error = ProcessDiedError("killed")
    job_id = client.post("/v1/plans", json={"case_id": case_id}).json()["id"]
    while len(chain.calls) < 2:
        assert client.get(f"/v1/jobs/{job_id}").json()["state"] in {"queued", "running"}
    chain.error = None
    assert ended(job_id)["state"] == "done"


def test_a_process_that_dies_again_and_again_is_not_tried_for_ever(client, case_id, ended, chain):
    chain.error = ProcessDiedError("killed")
    job = ended(client.post("/v1/plans", json={"case_id": case_id}).json()["id"])
    assert (job["state"], job["problem"]["code"], len(chain.calls)) == ("failed", "workers-vanished", MOST_DEATHS)


def test_a_worker_whose_job_was_taken_up_by_another_stores_nothing(app, client, case_id, ended, chain):
    chain.release.clear()
    job_id = client.post("/v1/plans", json={"case_id": case_id}).json()["id"]
    assert chain.started.wait(20)
    store = app.state.services.store
    with store.write() as session:
        find_job(session, job_id, lock=True).attempt += 1
    while not chain.stopped.is_set():
        assert client.get(f"/v1/jobs/{job_id}").json()["state"] == "running"
    chain.release.set()
    other = ended(client.post("/v1/plans", json={"case_id": case_id}).json()["id"])
    assert other["state"] == "done"
    with store.read() as session:
        assert [plan.job_id for plan in list_plans(session, 10)] == [other["id"]]


def test_closing_the_service_keeps_the_best_plan(app, tiny_case, chain, tmp_path):
    chain.release.clear()
    with TestClient(app) as client:
        with app.state.services.store.write() as session:
            case_id = add_case(session, tiny_case, {})[0].id
        job_id = client.post("/v1/plans", json={"case_id": case_id}).json()["id"]
        assert chain.started.wait(20)
    with TestClient(create_app(tmp_path / "data", chain)) as client:
        assert client.get(f"/v1/jobs/{job_id}").json()["state"] == "done"


def test_services_share_a_database_and_no_job_is_worked_twice(client, case_id, ended, chain, tmp_path):
    with TestClient(create_app(tmp_path / "data", chain)) as other:
        ids = [at.post("/v1/plans", json={"case_id": case_id}).json()["id"] for at in (client, other) * 10]
        assert {ended(job_id)["state"] for job_id in ids} == {"done"}
        assert len(chain.calls) == 20
        assert len({plan["job_id"] for plan in other.get("/v1/plans").json()}) == 20


def test_a_service_without_a_worker_stops_what_another_runs(client, case_id, ended, chain, tmp_path):
    chain.release.clear()
    job_id = client.post("/v1/plans", json={"case_id": case_id}).json()["id"]
    assert chain.started.wait(20)
    with TestClient(create_app(tmp_path / "data", chain, with_worker=False)) as other:
        other.delete(f"/v1/jobs/{job_id}")
    assert ended(job_id)["state"] == "done"


def test_events_follow_a_job_to_its_end(client, case_id, chain):
    chain.release.clear()
    job_id = client.post("/v1/plans", json={"case_id": case_id}).json()["id"]
    assert chain.started.wait(20)
    client.delete(f"/v1/jobs/{job_id}")
    with client.stream("GET", f"/v1/jobs/{job_id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        blocks = answer.read().decode().strip().split("\n\n")
    events = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    assert [event["event"] for event in events[-1:]] == ["end"]
    assert {event["event"] for event in events[:-1]} <= {"progress"}
    assert json.loads(events[-1]["data"])["state"] == "done"
    ids = [int(event["id"]) for event in events]
    assert ids == sorted(set(ids))


def test_a_follower_that_comes_back_is_told_only_what_is_new(client, case_id, chain):
    chain.release.clear()
    job_id = client.post("/v1/plans", json={"case_id": case_id}).json()["id"]
    assert chain.started.wait(20)
    stop = threading.Timer(1, client.delete, [f"/v1/jobs/{job_id}"])
    with client.stream("GET", f"/v1/jobs/{job_id}/events", headers={"Last-Event-ID": "0"}) as answer:
        stop.start()
        events = answer.read().decode().strip().split("\n\n")
    last = int(dict(line.split(": ", 1) for line in events[-2].split("\n"))["id"])
    with client.stream("GET", f"/v1/jobs/{job_id}/events", headers={"Last-Event-ID": str(last)}) as answer:
        seen = answer.read().decode().strip().split("\n\n")
    assert ["event: end" in event for event in seen] == [True]


def test_jobs_are_listed_newest_first(client, case_id, ended):
    ids = [client.post("/v1/plans", json={"case_id": case_id}).json()["id"] for _ in range(2)]
    for job_id in ids:
        ended(job_id)
    assert [job["id"] for job in client.get("/v1/jobs").json()] == ids[::-1]


def test_an_interrupt_ends_the_service_though_jobs_are_followed(tmp_path, chain, tiny_case, monkeypatch):
    """A real server in a thread of its own; the interrupt is what uvicorn's signal handler would do."""
    servers: list[uvicorn.Server] = []
    real_startup = uvicorn.Server.startup
    started = threading.Event()

    async def startup(self, sockets=None):
        await real_startup(self, sockets)
        servers.append(self)
        started.set()

    monkeypatch.setattr(uvicorn.Server, "startup", startup)
    monkeypatch.setattr("api.app.configure_logs", lambda: None)  # pytest's own stay as they are
    chain.release.clear()
    with closing(Store(tmp_path / "data")) as store:
        with store.write() as session:
            case_id = add_case(session, tiny_case, {})[0].id
            running, queued = (add_job(session, case_id, PARAMETERS, None).id for _ in range(2))
        service = threading.Thread(target=serve, args=(tmp_path / "data",), kwargs={"port": 0, "run_chain": chain})
        service.start()
        started.wait()
        assert chain.started.wait(20)
        port = servers[0].servers[0].sockets[0].getsockname()[1]
        with ExitStack() as stack:
            address = f"http://127.0.0.1:{port}/v1/jobs"
            streams = [
                stack.enter_context(httpx2.stream("GET", f"{address}/{job}/events")) for job in (running, queued)
            ]
            servers[0].handle_exit(signal.SIGTERM, None)
            texts = [stream.read().decode() for stream in streams]
        service.join()
        assert "event: progress" in texts[0]
        assert "event: end" not in texts[1]
        with store.read() as session:
            assert find_job(session, running).state is JobState.DONE
            assert find_job(session, queued).state is JobState.QUEUED
