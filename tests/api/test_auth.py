"""Keys: how they are sent, what an answer without one says, and what becomes of the secrets."""

from __future__ import annotations

import base64
import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.app import create_app
from api.auth import warn_if_open
from api.cli import main
from data.store.database import SETTING, Store
from data.store.keys import add_key, revoke_key
from data.store.tables import Role, StoredKey

LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def add(app):
    """Stores a key and gives the header that carries it."""

    def add(role=Role.PLANNER, partner=None, expires_at=LATER, *, revoked=False):
        with app.state.services.store.write() as session:
            key, secret = add_key(session, role, partner, expires_at)
            if revoked:
                revoke_key(session, key.id)
        return {"Authorization": f"Bearer {secret}"}

    return add


@pytest.fixture
def callers(plan_id, add):
    """A header of each kind; the plan is made before the service closes."""
    return {
        "none": {},
        "planner": add(),
        "partner": add(Role.PARTNER, "casa"),
        "rival": add(Role.PARTNER, "fès"),
        "revoked": add(revoked=True),
        "revoked partner": add(Role.PARTNER, "casa", revoked=True),
        "expired": add(expires_at=datetime.now(UTC) - timedelta(microseconds=1)),
        "unknown": {"Authorization": "Bearer wfm_unknown"},
    }


def test_a_partner_cannot_tell_what_there_is_from_what_there_is_not(client, callers, plan_id):
    addresses = ["/", "/v1", "/v1/", "/v1/nothing", "/v1/plans", f"/v1/plans/{plan_id}", "/v1/capacity-requests/a/b"]
    answers = {client.get(address, headers=callers["partner"]).text for address in addresses}
    answers |= {
        client.request(method, "/v1/capacity-requests", headers=callers["partner"]).text
        for method in ("POST", "PUT", "DELETE", "OPTIONS")
    }
    assert {json.loads(text)["code"] for text in answers} == {"not-found"}
    assert len(answers) == 1


@pytest.mark.parametrize(
    "address", ["//v1/plans", "/V1/plans", "/static", "/health/", "/health%0a", "/%2e/v1/plans", "/x"]
)
def test_odd_addresses_need_a_key_like_all_others(client, callers, address):
    assert client.get(address).status_code == 401


def test_an_answer_without_a_key_says_how_to_send_one(client, callers):
    answer = client.get("/v1/plans")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == 'Bearer realm="wfm"'
    assert (answer.json()["status"], answer.json()["code"]) == (401, "key-needed")
    assert "Authorization: Bearer wfm_" in answer.json()["detail"]
    refused = {client.get("/v1/plans", headers=callers[name]).text for name in ("revoked", "expired", "unknown")}
    assert len(refused) == 1
    challenge = client.get("/v1/plans", headers=callers["revoked"]).headers["www-authenticate"]
    assert challenge == 'Bearer realm="wfm", error="invalid_token"'


def test_a_browser_sends_the_key_as_password(client, callers):
    secret = callers["planner"]["Authorization"].removeprefix("Bearer ")
    assert client.get("/").headers["www-authenticate"] == 'Basic realm="wfm", charset="UTF-8"'
    for address in ("/", "/v1/plans"):
        assert client.get(address, auth=("anybody", secret)).status_code == 200
        assert client.get(address, auth=(secret, "")).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "wfm_",
        "Basic",
        "Basic %%%",
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        "Digest x",
    ],
)
def test_headers_that_carry_no_key_are_refused(client, callers, header):
    assert client.get("/v1/plans", headers={"Authorization": header}).status_code == 401


def test_the_scheme_is_read_in_any_case(client, callers):
    secret = callers["planner"]["Authorization"].removeprefix("Bearer ")
    assert client.get("/v1/plans", headers={"Authorization": f"bearer  {secret} "}).status_code == 200


def test_without_any_key_the_service_is_open_and_stays_closed_once_there_was_one(client, add):
    assert client.get("/v1/capacity-requests").json() == []
    add(revoked=True)
    assert client.get("/v1/capacity-requests").status_code == 401


def test_a_key_works_from_its_making_on_and_not_after_its_revocation(client, app, add):
    header = add()
    assert client.get("/v1/plans", headers=header).status_code == 200
    with app.state.services.store.write() as session:
        (key_id,) = session.connection().exec_driver_sql("SELECT id FROM api_keys").scalars()
        revoke_key(session, key_id)
    assert client.get("/v1/plans", headers=header).status_code == 401


def test_secrets_are_neither_stored_nor_logged(client, app, callers, caplog):
    caplog.set_level(logging.DEBUG)
    for header in callers.values():
        client.get("/v1/capacity-requests", headers=header)
    store = app.state.services.store
    with store.read() as session:
        rows = str(session.execute(select(StoredKey.__table__)).all())
    store.read = None  # so that looking for the key itself fails, and is logged
    for header in callers.values():
        assert client.get("/v1/plans", headers=header).status_code == 500
    assert "GET /v1/plans failed" in caplog.text
    kept = f"{rows}{[path.read_bytes() for path in store.data_dir.iterdir()]}"
    assert kept.count("partner") >= 2
    for header in callers.values():
        secret = header.get("Authorization", "Bearer wfm_unknown").removeprefix("Bearer ")
        assert secret not in caplog.text
        assert secret not in kept


def test_a_service_that_others_reach_is_told_to_be_open(app, add, caplog):
    store = app.state.services.store
    for host in ("127.0.0.1", "::1", "localhost"):
        warn_if_open(store, host)
    assert caplog.text == ""
    for host in ("0.0.0.0", "::", "192.168.1.5", "planner.example"):  # noqa: S104 - only told, not listened on
        caplog.clear()
        warn_if_open(store, host)
        assert f"Whoever reaches {host} sees" in caplog.text
    caplog.clear()
    add()
    warn_if_open(store, "192.168.1.5")
    assert caplog.text == ""


@pytest.fixture
def wfm(capsys, tmp_path):
    """Runs `wfm key` on a data directory; returns exit code, standard output and standard error."""

    def run(command, *args, data=tmp_path / "keys"):
        with pytest.raises(SystemExit) as ended:
            main(["key", command, *args, "--data", str(data)])
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return run


def test_the_command_makes_lists_and_revokes(wfm, tmp_path):
    code, out, err = wfm("create", "--role", "partner", "--partner", "casa_atlas", "--days", "7")
    secret = out.strip()
    assert (code, out) == (0, f"{secret}\n")
    assert secret.startswith("wfm_")
    assert secret not in err
    assert "No published plan asks anything of a partner 'casa_atlas' yet" in err
    code, out, _ = wfm("create", "--role", "planner", "--json")
    planner = json.loads(out)
    assert (code, planner["role"], planner["partner"], planner["state"]) == (0, "planner", None, "valid")

    code, out, err = wfm("revoke", planner["id"])
    assert (code, out, err) == (0, "", f"Revoked: {planner['id']}\n")
    listed = json.loads(wfm("list", "--json")[1])["keys"]
    assert [(key["id"], key["state"]) for key in listed[:1]] == [(planner["id"], "revoked")]
    days = datetime.fromisoformat(listed[1]["expires_at"]) - datetime.fromisoformat(listed[1]["created_at"])
    assert (listed[1]["partner"], days) == ("casa_atlas", timedelta(days=7))
    text = wfm("list")[1]
    assert [line.split()[1] for line in text.splitlines()] == ["revoked", "valid"]
    assert not any(word in text for word in (secret, planner["secret"]))

    with TestClient(create_app(tmp_path / "keys")) as client:
        assert client.get("/v1/capacity-requests", headers={"Authorization": f"Bearer {secret}"}).json() == []
        assert client.get("/v1/plans", headers={"Authorization": f"Bearer {planner['secret']}"}).status_code == 401


def test_the_command_refuses_what_makes_no_sense(wfm, tmp_path, monkeypatch):
    monkeypatch.delenv(SETTING, raising=False)  # only SQLite's file can be missing
    for args in (["--role", "partner"], ["--role", "planner", "--partner", "casa"], ["--role", "chief"], []):
        code, out, err = wfm("create", *args)
        assert (code, out) == (2, "")
        assert "Usage: " in err
    assert wfm("create", "--role", "planner", "--days", "0")[0] == 2
    for command in (["list"], ["revoke", "x"]):
        code, _, err = wfm(*command)
        assert code == 1
        assert "There is no database" in err
    assert not (tmp_path / "keys").exists()
    Store(tmp_path / "keys").close()
    assert "There is no key 'x'" in wfm("revoke", "x")[2]
    assert wfm("list")[1:] == ("", "There is no key: the service asks nobody for one.\n")
