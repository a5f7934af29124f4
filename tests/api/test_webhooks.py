"""Webhooks against a receiver on loopback."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from data.store import webhooks


class Receiver(ThreadingHTTPServer):
    """Notes what it is sent, and answers with the next of `answers`, then always 204."""

    def __init__(self):
        self.got, self.answers, self.told = [], [], threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                with receiver.told:
                    receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                    receiver.told.notify_all()
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.send_header("location", f"{receiver.url}/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/events"

    def wait(self, count):
        with self.told:
            assert self.told.wait_for(lambda: len(self.got) >= count, 30)
        return self.got


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver
        receiver.shutdown()


@pytest.fixture
def webhook(client, receiver):
    answer = client.post("/v1/webhooks", json={"url": receiver.url})
    assert answer.status_code == 201
    return answer.json()


def deliveries(client, webhook):
    return client.get(f"/v1/webhooks/{webhook['id']}/deliveries").json()


def test_the_end_of_a_job_and_a_publication_are_told_signed(client, webhook, receiver, run_job):
    job = run_job()
    client.post(f"/v1/plans/{job['plan_id']}/publish")
    told = {}
    for headers, body in receiver.wait(2):
        message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
        key = base64.b64decode(webhook["secret"].removeprefix("whsec_"))
        digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
        assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
        told[json.loads(body)["type"]] = json.loads(body)["data"]
    assert told == {
        "job.done": {
            "job_id": job["id"], "case_id": job["case_id"], "kind": "plan", "state": "done",
            "plan_id": job["plan_id"], "forecast_id": None,
        },
        "plan.published": {"plan_id": job["plan_id"], "case_id": job["case_id"], "version": 1},
    }  # fmt: skip


def test_what_is_refused_is_sent_again_later_until_it_is_taken(client, webhook, receiver, run_job, monkeypatch):
    receiver.answers += [500, 302]
    monkeypatch.setattr(webhooks, "PAUSES", (0, 0, 0))
    run_job()
    got = receiver.wait(3)
    assert len({headers["webhook-id"] for headers, _ in got}) == 1
    while (entry := deliveries(client, webhook)[0])["delivered_at"] is None:
        pass
    assert (entry["event"], entry["tries"], entry["next_try_at"], entry["error"]) == ("job.done", 3, None, None)


def test_the_next_try_is_told_and_after_the_last_there_is_none(app, client, webhook, receiver, run_job):
    receiver.answers += [503]
    run_job()
    receiver.wait(1)
    while (entry := deliveries(client, webhook)[0])["error"] is None:
        pass
    assert (entry["tries"], entry["error"], entry["delivered_at"]) == (1, "it answered 503", None)
    assert entry["next_try_at"] > entry["created_at"]
    last = len(webhooks.PAUSES) + 1
    with app.state.services.store.write() as session:
        session.get(webhooks.Delivery, entry["id"]).tries = last
        webhooks.end_try(session, entry["id"], last, "it answered 503")
    assert deliveries(client, webhook)[0]["next_try_at"] is None


def test_nobody_listening_is_an_error_to_be_told(client, run_job):
    webhook = client.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/"}).json()
    run_job()
    while (entry := deliveries(client, webhook)[0])["error"] is None:
        pass
    assert "could not be reached" in entry["error"]


def test_webhooks_are_listed_without_secret_and_removed(client, webhook, receiver, run_job):
    assert client.get("/v1/webhooks").json() == [{key: webhook[key] for key in ("id", "url", "created_at")}]
    run_job()
    receiver.wait(1)
    address = f"/v1/webhooks/{webhook['id']}"
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 404
    assert client.get(f"{address}/deliveries").status_code == 404
    assert client.get("/v1/webhooks").json() == []


@pytest.mark.parametrize(
    "url", ["ftp://h/x", "file:///etc/passwd", "http://u:p@h/", "//h/", "http://h:x/", "http://é/", "http://h/ x"]
)
def test_other_addresses_are_refused(client, url):
    answer = client.post("/v1/webhooks", json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid")
    assert answer.json()["errors"][0]["pointer"] == "/url"
