"""What whoever runs the service looks at: health, metrics, logs with ids, and an orderly end."""

import io
import json
import logging
import re
import signal
import subprocess
import sys

import pytest
import structlog
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from api.app import create_app
from api.logs import configure_logs


@pytest.fixture
def logged(monkeypatch):
    """The lines that are logged from now on, as programs read them."""
    told = io.StringIO()
    monkeypatch.setattr(sys, "stderr", told)
    root, before = logging.getLogger(), structlog.get_config()
    level, handlers = root.level, list(root.handlers)
    configure_logs()
    yield lambda: [json.loads(line) for line in told.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def test_health_counts_jobs_and_workers(client, case_id, chain, ended):
    chain.release.clear()
    ids = [client.post("/v1/plans", json={"case_id": case_id}).json()["id"] for _ in range(2)]
    assert chain.started.wait(20)
    health = client.get("/health").json()
    assert (health["status"], health["queued_jobs"], health["running_jobs"], health["workers"]) == ("ok", 1, 1, 1)
    chain.release.set()
    for job_id in ids:
        ended(job_id)


def test_a_service_whose_jobs_nobody_works_says_so_and_is_ready(tmp_path, chain):
    with TestClient(create_app(tmp_path / "data", chain, with_worker=False)) as client:
        assert client.get("/health").json()["status"] == "degraded"
        assert client.get("/health/ready").json() == client.get("/health/live").json() == {"status": "ok"}


def test_who_is_about_to_end_or_has_no_database_is_not_ready_but_alive(app, client, monkeypatch):
    def away(*_):
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr("api.v1.health.count_jobs", away)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert "database" in answer.json()["detail"]
    monkeypatch.undo()
    app.state.services.runner.begin_close()
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


def test_metrics_tell_of_requests_by_route_and_of_jobs(client, run_job):
    job = run_job()
    client.get("/v1/plans/none")
    client.get("/nowhere")
    text = client.get("/metrics").text
    assert 'wfm_jobs{state="done"} 1.0' in text
    assert "wfm_workers 1.0" in text
    assert "wfm_oldest_wait_seconds 0.0" in text
    assert "wfm_deliveries_pending 0.0" in text
    assert 'wfm_request_seconds_count{method="GET",route="/v1/plans/{plan_id}",status="404"} 1.0' in text
    assert 'wfm_request_seconds_count{method="GET",route="other",status="404"} 1.0' in text
    assert job["id"] not in text


def test_logs_carry_the_request_from_its_answer_to_the_worker(logged, client, case_id, ended):
    answer = client.post("/v1/plans", json={"case_id": case_id}, headers={"X-Request-ID": "from-the-proxy"})
    assert answer.headers["x-request-id"] == "from-the-proxy"
    job_id = answer.json()["id"]
    ended(job_id)
    lines = [line for line in logged() if line.get("request") == "from-the-proxy"]
    told = {line["event"]: line for line in lines}
    assert (told["request"]["method"], told["request"]["path"], told["request"]["status"]) == ("POST", "/v1/plans", 202)
    assert (told["job-started"]["job"], told["job-started"]["attempt"], told["job-started"]["level"]) == (
        job_id,
        1,
        "info",
    )
    assert all("timestamp" in line for line in lines)


@pytest.mark.parametrize("given", ["a b", "é" * 3, "x" * 65, ""])
def test_an_odd_id_of_a_request_is_replaced(client, given):
    answer = client.get("/health/live", headers={"X-Request-ID": given.encode()})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])


def test_a_failure_is_logged_with_its_trace(logged, client, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("api.v1.health.count_jobs", fail)
    answer = client.get("/health")
    assert answer.status_code == 500
    lines = [line for line in logged() if line.get("request") == answer.headers["x-request-id"]]
    assert any("ZeroDivisionError" in line.get("exception", "") for line in lines)


SIGNALLED_IN_A_THREAD = """
import signal, threading
from api.cli import main
from api.worker import Worker

start = Worker.start

def start_and_signal(worker):
    start(worker)
    threading.Timer(0.5, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGTERM)).start()

Worker.start = start_and_signal
main()
"""


def test_a_worker_ends_though_the_signal_interrupts_no_wait(tmp_path):
    """The handler runs once the main thread wakes up, and a signal that another thread takes, or that comes just before the wait,
    does not wake it.
    """
    command = [sys.executable, "-c", SIGNALLED_IN_A_THREAD, "worker", "--data", str(tmp_path / "data")]
    assert subprocess.run(command, stderr=subprocess.DEVNULL, timeout=60, check=False).returncode == 0


def test_a_worker_ends_when_it_is_told_to(tmp_path):
    command = [sys.executable, "-c", "from api.cli import main; main()", "worker", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as worker:
        try:
            assert any('"worker-started"' in line for line in worker.stderr)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(60) == 0
        finally:
            worker.kill()
