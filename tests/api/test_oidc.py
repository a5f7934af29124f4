"""Bearer tokens of an identity provider: made with keys of our own, whose public halves a server on this machine gives out."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi.testclient import TestClient

from api import oidc
from api.app import create_app
from api.auth import warn_if_open
from data.store.audit import AuditFilter, list_events
from wfm.errors import WfmError

ISSUER, AUDIENCE = "https://identity.example", "wfm"


class Provider:
    """Keys, the server that gives them out, and tokens signed with them."""

    def __init__(self):
        self.keys = {}
        self.asked = 0
        self.broken = False
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.asked += 1
                self.send_response(500 if provider.broken else 200)
                self.end_headers()
                self.wfile.write(json.dumps({"keys": provider.public()}).encode())

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/jwks"

    def public(self):
        kinds = {"RS256": jwt.algorithms.RSAAlgorithm, "ES256": jwt.algorithms.ECAlgorithm}
        return [
            {**json.loads(kinds[kind].to_jwk(key.public_key())), "kid": name, "use": "sig", "alg": kind}
            for name, (kind, key) in self.keys.items()
        ]

    def add(self, name, kind="RS256"):
        key = rsa.generate_private_key(65537, 2048) if kind == "RS256" else ec.generate_private_key(ec.SECP256R1())
        self.keys[name] = (kind, key)
        return key

    def token(self, key_name="first", signed_with=None, headers=None, **claims):
        kind, key = self.keys[key_name]
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u-1", "iat": now, "exp": now + 300, "wfm_role": "planner"}
        told = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(told, signed_with or key, algorithm=kind, headers={"kid": key_name} | (headers or {}))

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def provider():
    provider = Provider()
    provider.add("first")
    yield provider
    provider.close()


@pytest.fixture
def _settings(monkeypatch, provider):
    for name, value in (("ISSUER", ISSUER), ("AUDIENCE", AUDIENCE), ("JWKS", provider.address)):
        monkeypatch.setenv(f"WFM_OIDC_{name}", value)


@pytest.fixture
def app(_settings, tmp_path, chain):
    app = create_app(tmp_path / "data", chain)
    yield app
    app.state.services.store.close()


def get(client, token, address="/v1/plans"):
    return client.get(address, headers={"Authorization": f"Bearer {token}"})


def test_a_token_gives_the_role_that_it_names(client, app, provider):
    assert get(client, provider.token()).status_code == 200
    assert get(client, provider.token(aud=["other", AUDIENCE])).status_code == 200
    assert get(client, provider.token(), "/v1/audit").status_code == 404
    assert get(client, provider.token(wfm_role="compliance"), "/v1/audit").status_code == 200
    assert client.get("/v1/plans").status_code == 401, "with a provider the service is closed, also without any key"
    posted = client.post(
        "/v1/keys", json={"role": "viewer"}, headers={"Authorization": f"Bearer {provider.token(wfm_role='admin')}"}
    )
    assert get(client, posted.json()["secret"]).status_code == 200, "keys are taken beside tokens"
    with app.state.services.store.read() as session:
        assert [line.actor for line in list_events(session, AuditFilter(), 5)] == ["oidc u-1"]


def test_a_partner_and_a_site_manager_need_to_be_told_whose(client, provider):
    token = provider.token(wfm_role="partner", wfm_partner="casa")
    assert get(client, token, "/v1/capacity-requests").json() == []
    assert get(client, token).status_code == 404
    assert get(client, provider.token(wfm_role="site_manager", wfm_site="rabat")).status_code == 200
    for claims in (
        {"wfm_role": None}, {"wfm_role": "chief"}, {"wfm_role": ["admin"]}, {"wfm_role": "partner"},
        {"wfm_role": "partner", "wfm_partner": ""}, {"wfm_role": "partner", "wfm_site": "casa"},
        {"wfm_role": "site_manager", "wfm_site": 3},
    ):  # fmt: skip
        answer = get(client, provider.token(**claims), "/v1/capacity-requests")
        assert (answer.status_code, answer.json()["code"]) == (403, "role-needed"), claims


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"}, {"iss": None}, {"aud": "other"}, {"aud": None}, {"exp": None}, {"sub": None},
        {"exp": int(time.time()) - 60}, {"nbf": int(time.time()) + 3600}, {"exp": "soon"},
    ],
)  # fmt: skip
def test_a_token_of_others_or_of_another_time_is_refused(client, provider, claims):
    answer = get(client, provider.token(**claims))
    assert (answer.status_code, answer.json()["code"]) == (401, "key-needed")


def test_a_token_that_the_provider_did_not_sign_is_refused(client, provider):
    thief = rsa.generate_private_key(65537, 2048)
    good = provider.token()
    head, body, _ = good.split(".")
    shared = str(provider.keys["first"][1].public_key().public_numbers().n)
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u", "exp": time.time() + 60, "wfm_role": "admin"}
    forged = [
        provider.token(signed_with=thief),
        f"{head}.{body}.",
        f"{head}.{body}.{good.split('.')[2][:-4]}AAAA",
        jwt.encode(claims, None, algorithm="none", headers={"kid": "first"}),
        jwt.encode(claims, shared, "HS256", {"kid": "first"}),
        provider.token(headers={"kid": "unknown"}),
        jwt.encode({"iss": ISSUER}, provider.keys["first"][1], "RS256"),
        "a.b.c", "x" * 20_000, ".", "é", "",
    ]  # fmt: skip
    for token in forged:
        answer = client.get("/v1/plans", headers={"Authorization": f"Bearer {token}".encode()})
        assert answer.status_code == 401, token[:60]


def test_new_keys_of_the_provider_are_noticed_and_strangers_make_no_flood(client, provider, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(oidc, "time", type("Clock", (), {"monotonic": staticmethod(lambda: now[0])}))
    assert get(client, provider.token()).status_code == 200
    assert provider.asked == 1
    provider.add("second", "ES256")
    assert get(client, provider.token("second")).status_code == 200
    assert provider.asked == 2
    for number in range(5):
        assert get(client, provider.token(headers={"kid": f"made up {number}"})).status_code == 401
    assert provider.asked == 2
    now[0] += oidc.AGAIN_SECONDS
    assert get(client, provider.token(headers={"kid": "made up"})).status_code == 401
    assert provider.asked == 3


def test_when_the_provider_does_not_answer_it_is_said_so(client, provider, caplog):
    provider.broken = True
    answer = get(client, provider.token())
    assert (answer.status_code, answer.json()["code"]) == (503, "identity-unreachable")
    assert "cannot be had" in caplog.text
    provider.broken = False
    assert get(client, provider.token()).status_code == 200


def test_tokens_are_not_logged(client, provider, caplog):
    caplog.set_level("DEBUG")
    tokens = [provider.token(), provider.token(exp=1), provider.token(wfm_role="chief")]
    for token in tokens:
        get(client, token)
    assert not [token for token in tokens if token in caplog.text or token.split(".")[2] in caplog.text]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"ISSUER": "i"}, "WFM_OIDC_AUDIENCE, WFM_OIDC_JWKS must be set as well"),
        ({"ISSUER": "i", "AUDIENCE": "a", "JWKS": "http://identity.example/keys"}, "must be an https address"),
        ({"ISSUER": "i", "AUDIENCE": "a", "JWKS": "file:///etc/passwd"}, "must be an https address"),
    ],
)
def test_half_of_the_settings_or_an_open_address_is_refused(tmp_path, monkeypatch, values, told):
    for name, value in values.items():
        monkeypatch.setenv(f"WFM_OIDC_{name}", value)
    app = create_app(tmp_path / "data")
    with pytest.raises(WfmError, match=told):
        oidc.oidc_settings()
    with pytest.raises(WfmError, match=told), TestClient(app):
        pass


def test_a_service_with_a_provider_is_not_open(app, caplog):
    warn_if_open(app.state.services.store, "192.168.1.5")
    assert caplog.text == ""
