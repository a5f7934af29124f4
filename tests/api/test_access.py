"""Who may do what: every operation of the service with a key of every role. An operation without a row fails the test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.access import GRANTS, Scope, scope_of
from api.openapi import describe
from api.pages import home
from data.store.audit import AuditFilter, list_events
from data.store.capacity_requests import list_requests
from data.store.keys import add_key
from data.store.tables import Role

LATER = datetime.now(UTC) + timedelta(days=1)
LETTERS = {
    "P": Role.PLANNER, "S": Role.SCHEDULER, "M": Role.SITE_MANAGER, "R": Role.PARTNER, "C": Role.COMPLIANCE,
    "V": Role.VIEWER, "A": Role.ADMIN,
}  # fmt: skip
OPEN = "everybody, without a key"
INSIDE, SEES, PLANS = "PSMCVA", "PVA", "PA"
PLAN = "/v1/plans/{plan_id}"
FORECAST = "/v1/forecasts/{forecast_id}"
REQUEST = "/v1/capacity-requests/{request_id}"
MATRIX = {
    "GET /": SEES,
    "GET /docs": INSIDE,
    "GET /plans/{plan_id}": SEES,
    "GET /plans/{plan_id}/accuracy": SEES,
    "POST /cases": PLANS,
    "POST /jobs/{job_id}/stop": PLANS,
    "GET /health": OPEN,
    "GET /health/live": OPEN,
    "GET /health/ready": OPEN,
    "GET /metrics": SEES,
    "GET /static/plotly.min.js": OPEN,
    "GET /static/site.css": OPEN,
    "GET /v1/openapi.json": INSIDE,
    "GET /v1/problems": INSIDE,
    "GET /v1/law/rules": INSIDE,
    "GET /v1/law/legal-window": INSIDE,
    "GET /v1/law/next-attempt": INSIDE,
    "GET /v1/law/holidays": INSIDE,
    "GET /v1/cases": SEES,
    "GET /v1/cases/{case_id}": SEES,
    "POST /v1/cases": PLANS,
    "GET /v1/drafts": SEES,
    "POST /v1/drafts": PLANS,
    "GET /v1/drafts/{draft_id}": SEES,
    "DELETE /v1/drafts/{draft_id}": PLANS,
    **{
        f"{method} /v1/drafts/{{draft_id}}/{name}{key}": letters
        for name in ("campaigns", "agents", "contracts", "shift-patterns", "partners", "calendars")
        for method, key, letters in (
            ("GET", "", SEES),
            ("GET", "/{key}", SEES),
            ("PUT", "/{key}", PLANS),
            ("DELETE", "/{key}", PLANS),
        )
    },
    "GET /v1/plans": INSIDE,
    "POST /v1/plans": PLANS,
    f"GET {PLAN}": INSIDE,
    f"POST {PLAN}/publish": PLANS,
    f"PATCH {PLAN}/assignments": PLANS,
    f"POST {PLAN}/replan": PLANS,
    f"GET {PLAN}/roster": INSIDE,
    f"GET {PLAN}/coverage": "PSVA",
    f"GET {PLAN}/figures": "PSVA",
    f"GET {PLAN}/figures/{{name}}": "PSVA",
    f"GET {PLAN}/compliance": "PCVA",
    f"GET {PLAN}/violations": "PCVA",
    f"GET {PLAN}/costs": SEES,
    f"GET {PLAN}/purchases": SEES,
    f"GET {PLAN}/certificate": SEES,
    f"GET {PLAN}/advice": SEES,
    f"GET {PLAN}/report": SEES,
    f"GET {PLAN}/compare": SEES,
    f"GET {PLAN}/export": SEES,
    f"POST {PLAN}/simulation": SEES,
    f"GET {PLAN}/simulation/figure": SEES,
    "GET /v1/forecasts": SEES,
    "POST /v1/forecasts": PLANS,
    f"GET {FORECAST}": SEES,
    f"GET {FORECAST}/points": SEES,
    f"GET {FORECAST}/quantiles": SEES,
    f"GET {FORECAST}/versions": SEES,
    f"GET {FORECAST}/outcome": SEES,
    f"GET {FORECAST}/accuracy": SEES,
    f"GET {FORECAST}/overrides": SEES,
    f"POST {FORECAST}/overrides": PLANS,
    f"DELETE {FORECAST}/overrides/{{override_id}}": PLANS,
    "GET /v1/requirements": SEES,
    "POST /v1/requirements": PLANS,
    "GET /v1/requirements/{requirement_id}": SEES,
    "GET /v1/webhooks": PLANS,
    "POST /v1/webhooks": PLANS,
    "GET /v1/webhooks/{webhook_id}/deliveries": PLANS,
    "DELETE /v1/webhooks/{webhook_id}": PLANS,
    "GET /v1/jobs": SEES,
    "GET /v1/jobs/{job_id}": SEES,
    "GET /v1/jobs/{job_id}/events": SEES,
    "POST /v1/jobs/{job_id}/cancel": PLANS,
    "DELETE /v1/jobs/{job_id}": PLANS,
    "GET /v1/capacity-requests": "PRVA",
    f"GET {REQUEST}": "PRVA",
    f"POST {REQUEST}/accept": "R",
    f"POST {REQUEST}/counter": "R",
    f"POST {REQUEST}/decline": "R",
    f"POST {REQUEST}/agree": PLANS,
    "GET /v1/audit": "CA",
    "GET /v1/keys": "A",
    "POST /v1/keys": "A",
    "DELETE /v1/keys/{key_id}": "A",
}
"""Operation to the letters of the roles that may ask for it; to all others it is as if nothing were there."""


@pytest.fixture
def add(app):
    """Stores a key and gives the header that carries it."""

    def add(role, **whose):
        with app.state.services.store.write() as session:
            _, secret = add_key(session, role, whose.get("partner"), LATER, site=whose.get("site"))
        return {"Authorization": f"Bearer {secret}"}

    return add


@pytest.fixture
def published(client, plan_id):
    """The tiny plan in force, its requests sent; made before the service closes."""
    assert client.post(f"/v1/plans/{plan_id}/publish").status_code == 200
    return plan_id


@pytest.fixture
def keys(published, add):
    """A header for each role, and a rival partner's and another site's manager."""
    whose = {Role.PARTNER: {"partner": "casa"}, Role.SITE_MANAGER: {"site": "rabat"}}
    roles = {role.value: add(role, **whose.get(role, {})) for role in Role}
    return roles | {"rival": add(Role.PARTNER, partner="fès"), "elsewhere": add(Role.SITE_MANAGER, site="fès")}


@pytest.fixture
def ids(app, client, keys, published, case_id):
    with app.state.services.store.read() as session:
        (request,) = list_requests(session, "casa", 10)
    job_id = client.get("/v1/jobs", headers=keys["planner"]).json()[0]["id"]
    return {
        "plan_id": published, "case_id": case_id, "job_id": job_id, "request_id": request.id, "name": "coverage",
        "key_id": "none", "forecast_id": "none", "override_id": "none", "webhook_id": "none",
        "draft_id": "none", "requirement_id": "none", "key": "none",
    }  # fmt: skip


def operations(app) -> set[str]:
    """Everything the service answers to."""
    described = {f"{method.upper()} {path}" for path, methods in describe(app)["paths"].items() for method in methods}
    pages = {f"{method} {route.path}" for route in home.router.routes for method in route.methods}
    return described | pages | {"GET /v1/openapi.json", "GET /static/site.css"}


def test_every_operation_has_a_row(app):
    assert operations(app) - MATRIX.keys() == set(), "say in MATRIX and api/access.py who may ask for them"
    assert MATRIX.keys() - operations(app) == set(), "these are no operations any more"


def test_every_operation_for_every_role(client, keys, ids):
    refusal = {"detail": "Nothing is here for this key.", "code": "not-found"}
    wrong = []
    for operation, letters in MATRIX.items():
        method, _, path = operation.partition(" ")
        for role in Role:
            answer = client.request(method, path.format(**ids), headers=keys[role.value])
            is_json = answer.headers["content-type"] == "application/problem+json"
            refused = is_json and refusal.items() <= answer.json().items()
            may = letters is OPEN or role in {LETTERS[letter] for letter in letters}
            if refused is may or answer.status_code in {401, 405, 500}:
                wrong.append((operation, role.value, answer.status_code))
        if letters is not OPEN and client.request(method, path.format(**ids)).status_code != 401:
            wrong.append((operation, "nobody"))
    assert wrong == []


def test_what_no_row_names_is_for_admins_alone():
    assert scope_of("GET", "/v1/thing-of-tomorrow") is Scope.EVERYTHING
    assert {role for role, scopes in GRANTS.items() if Scope.EVERYTHING in scopes} == {Role.ADMIN}
    assert scope_of("PUT", "/v1/plans") is Scope.EVERYTHING
    assert scope_of("HEAD", "/v1/audit") is Scope.AUDIT_READ
    for odd in ("/v1/plans/", "/v1//plans", "/v1/plans/x/y/z", "/V1/plans"):
        assert scope_of("GET", odd) is Scope.EVERYTHING


def test_a_rival_cannot_tell_that_there_is_a_request(client, keys, ids):
    address = f"/v1/capacity-requests/{ids['request_id']}"
    for method, path in (("GET", ""), ("POST", "/accept"), ("POST", "/counter"), ("POST", "/decline")):
        offer = {
            "comment": "",
            **({"offered": [{"day": "2026-12-07", "shift": "am", "blocks": 0}]} if "counter" in path else {}),
        }
        own = {"json": offer} if method == "POST" else {}
        real = client.request(method, address + path, headers=keys["rival"], **own)
        never = client.request(method, f"/v1/capacity-requests/0123456789abcdef{path}", headers=keys["rival"], **own)
        assert real.status_code == never.status_code == 404
        assert real.text.replace(ids["request_id"], "0123456789abcdef") == never.text
    assert client.get("/v1/capacity-requests", headers=keys["rival"]).json() == []
    assert [entry["partner"] for entry in client.get("/v1/capacity-requests", headers=keys["partner"]).json()] == [
        "casa"
    ]


def test_what_a_partner_reads_says_nothing_of_others(client, keys, ids, tiny_plan, tiny_case):
    texts = [
        client.get(f"/v1/capacity-requests{path}", headers=keys["partner"]).text
        for path in ("", f"/{ids['request_id']}", f"/{ids['request_id']}?format=csv")
    ]
    secrets = {
        *(agent.id for agent in tiny_case.agents),
        str(tiny_plan.bill.total_cents),
        str(tiny_plan.certificate.bound_cents),
    }
    secrets |= {campaign.id for campaign in tiny_case.campaigns} - {"service"}
    assert not [secret for secret in secrets for text in texts if f'"{secret}"' in text or f",{secret}," in text]


def fields(answer):
    return set(answer.json() if isinstance(answer.json(), dict) else answer.json()[0])


def test_who_sees_no_costs_is_sent_none(client, keys, published):
    money = {"cost_cents", "bound_cents", "gap_cents", "gap", "currency", "changeable_cost_cents", "seed"}
    for role in ("scheduler", "site_manager", "compliance"):
        for address in ("/v1/plans", f"/v1/plans/{published}"):
            answer = client.get(address, headers=keys[role])
            assert fields(answer) & money == set()
            assert "cents" not in answer.text
        assert client.get(f"/v1/plans/{published}", headers=keys[role]).json()["tzdata_version"]
    for role in ("planner", "viewer", "admin"):
        assert money - {"seed", "changeable_cost_cents"} <= fields(client.get("/v1/plans", headers=keys[role]))
    listed = client.get(f"/v1/plans/{published}/figures", headers=keys["scheduler"]).json()
    assert {entry["name"] for entry in listed} == {"coverage", "coverage_heatmap", "forecast_fan", "roster_gantt"}
    for entry in listed:
        for kind in ("json", "csv", "html"):
            answer = client.get(f"{entry['href']}?format={kind}", headers=keys["scheduler"])
            assert answer.status_code == 200
            assert not {"€", "EUR", "_cents", "cost"} & set(answer.text.split())
    for name in ("cost_waterfall", "purchases"):
        assert client.get(f"/v1/plans/{published}/figures/{name}", headers=keys["scheduler"]).status_code == 404
        assert client.get(f"/v1/plans/{published}/figures/{name}", headers=keys["viewer"]).status_code == 200


def test_a_site_manager_sees_the_own_site_alone(client, keys, published, tiny_plan):
    own, other = (
        client.get(f"/v1/plans/{published}/roster", headers=keys[name]) for name in ("site_manager", "elsewhere")
    )
    assert {row["agent"] for row in own.json()} == {shift.agent for shift in tiny_plan.shifts}
    assert (other.status_code, other.json()) == (200, [])
    text = client.get(f"/v1/plans/{published}/roster?format=csv", headers=keys["elsewhere"]).text
    assert len(text.splitlines()) == 1
    outline = client.get(f"/v1/plans/{published}", headers=keys["elsewhere"]).json()
    assert (outline["agents"], outline["shifts"]) == (0, 0)
    whole = client.get(f"/v1/plans/{published}", headers=keys["site_manager"]).json()
    assert (whole["agents"], whole["shifts"]) == (3, len(tiny_plan.shifts))


def test_a_draft_is_shown_to_those_who_plan_or_watch(client, add, plan_id):
    roles = {
        role: add(role, **({"site": "rabat"} if role is Role.SITE_MANAGER else {}))
        for role in Role
        if role is not Role.PARTNER
    }
    for role, header in roles.items():
        expected = 404 if role in {Role.SCHEDULER, Role.SITE_MANAGER} else 200
        assert client.get(f"/v1/plans/{plan_id}", headers=header).status_code == expected
        assert client.get(f"/v1/plans/{plan_id}/roster", headers=header).status_code == expected
        assert len(client.get("/v1/plans", headers=header).json()) == (expected == 200)


def test_every_change_is_in_the_audit_log(app, client, keys, ids, small_zip, chain):
    """Each operation that changes something, in an order in which it does, and the line that it leaves."""
    planner, partner, admin = (keys[name] for name in ("planner", "partner", "admin"))
    request = f"/v1/capacity-requests/{ids['request_id']}"
    chain.release.clear()

    def ask(method, address, header, **rest):
        given = {**header, "X-Request-ID": f"{method}.{len(address)}", **rest.pop("headers", {})}
        answer = client.request(method, address, headers=given, **rest)
        assert answer.status_code < 300, answer.text
        assert answer.headers["x-request-id"] == given["X-Request-ID"]
        with app.state.services.store.read() as session:
            mine = [line for line in list_events(session, AuditFilter(), 5) if line.request_id == given["X-Request-ID"]]
        return answer, mine[0]

    zipped = {"content": small_zip, "headers": {"content-type": "application/zip"}}
    done = []
    done.append(ask("POST", "/v1/cases", planner, **zipped)[1])
    answer, line = ask("POST", "/v1/plans", planner, json={"case_id": ids["case_id"]})
    done.append(line)
    done.append(ask("POST", f"/v1/jobs/{answer.json()['id']}/cancel", planner)[1])
    done.append(ask("POST", f"{request}/accept", partner, json={"comment": "ok"})[1])
    offer = {"offered": [{"day": "2026-12-07", "shift": "am", "blocks": 0}]}
    done.append(ask("POST", f"{request}/counter", partner, json=offer)[1])
    done.append(ask("POST", f"{request}/decline", partner, json={})[1])
    answer, line = ask("POST", f"{request}/accept", partner, json={})
    done.append(ask("POST", f"{request}/agree", planner, headers={"If-Match": answer.headers["etag"]})[1])
    answer, line = ask("POST", "/v1/keys", admin, json={"role": "viewer", "name": "tableau de bord"})
    done.append(line)
    done.append(ask("DELETE", f"/v1/keys/{answer.json()['id']}", admin)[1])
    chain.release.set()

    assert [line.action for line in done] == [
        "case.stored", "plan.asked", "job.stopped", "capacity-request.accept", "capacity-request.counter",
        "capacity-request.decline", "capacity-request.agree", "key.created", "key.revoked",
    ]  # fmt: skip
    assert [line.role for line in done] == ["planner"] * 3 + ["partner"] * 3 + ["planner"] + ["admin"] * 2
    assert all(line.actor.startswith("key ") for line in done)
    log = client.get("/v1/audit", headers=keys["compliance"]).json()
    assert {entry["action"] for entry in log} >= {"plan.stored", "plan.published", "capacity-request.send"}
    published = client.get("/v1/audit?action=plan.published", headers=keys["compliance"]).json()
    assert [entry["resource_id"] for entry in published] == [ids["plan_id"]]
    assert published[0]["details"].keys() >= {"inputs_hash", "seed", "versions", "tzdata_version"}
