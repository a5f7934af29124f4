import re
from datetime import UTC, datetime, timedelta

from api.figures import FIGURES
from api.figures.text import money, percent
from data.store.cases import add_case
from data.store.keys import add_key
from data.store.tables import Role
from wfm.errors import WfmError

EXTERNAL = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")


def test_without_a_plan_the_page_says_how_to_send_a_case(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "No plan yet" in page.text
    assert 'type="file"' in page.text
    assert "curl -F file=@case.zip http://testserver/v1/cases" in page.text


def test_the_page_shows_the_latest_plan(client, plan_id, tiny_plan):
    page = client.get("/").text
    assert money(tiny_plan.certificate.cost_cents, "EUR", 2) in page
    assert "Work covered" in page
    assert "Could still be saved at most" in page
    for name in FIGURES:
        assert f'data-figure="/v1/plans/{plan_id}/figures/{name}"' in page
    for part in ("roster?format=csv", "purchases?format=csv", "report"):
        assert f'href="/v1/plans/{plan_id}/{part}"' in page
    assert client.get(f"/plans/{plan_id}").text == page


def test_pages_ask_nothing_of_other_servers(client, plan_id):
    for address in ("/", "/docs", f"/v1/plans/{plan_id}/figures/coverage?format=html"):
        page = client.get(address)
        assert page.status_code == 200
        assert not EXTERNAL.search(page.text), address
        assert "default-src 'self'" in page.headers["content-security-policy"]


def test_what_a_case_says_is_escaped(client, app, chain, tiny_case, ended):
    hostile = tiny_case.model_copy(update={"name": "<script>alert(1)</script>"})
    with app.state.services.store.write() as session:
        case_id = add_case(session, hostile, {})[0].id
    chain.error = WfmError("<b>no</b>")
    ended(client.post("/v1/plans", json={"case_id": case_id}).json()["id"])
    page = client.get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page


def test_a_running_job_is_shown_with_its_gap_and_can_be_stopped(client, case_id, chain, ended, tiny_plan):
    chain.release.clear()
    job_id = client.post("/v1/plans", json={"case_id": case_id}).json()["id"]
    chain.started.wait()
    page = client.get("/").text
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'data-job="{job_id}"' in page
    assert "Searching" in page
    assert "Best plan" in page
    kept = tiny_plan.certificate
    assert money(kept.cost_cents - kept.bound_cents, "EUR", 2) in page
    assert percent(kept.gap) in page
    answer = client.post(f"/jobs/{job_id}/stop", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert ended(job_id)["state"] == "done"


def test_the_form_plans_a_case(client, small_zip, chain):
    chain.error = WfmError("Only the way here is tested.")
    answer = client.post(
        "/cases", files={"file": ("case.zip", small_zip)}, data={"time_limit_seconds": "5"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    (job,) = client.get("/v1/jobs").json()
    assert job["parameters"]["time_limit_seconds"] == 5


def test_the_form_lists_the_faults_of_a_case(client, zipped, small_case):
    small_case["skills.csv"] = small_case["skills.csv"].replace("2", "many")
    answer = client.post("/cases", files={"file": ("case.zip", zipped(small_case))}, data={"time_limit_seconds": "5"})
    assert answer.status_code == 422
    assert "<td>skills</td>" in answer.text
    assert "<td>many</td>" in answer.text
    answer = client.post("/cases", files={"file": ("case.zip", b"text")}, data={"time_limit_seconds": "5"})
    assert "neither a zip" in answer.text


def test_other_sites_cannot_send_forms(client, case_id):
    headers = {"sec-fetch-site": "cross-site"}
    answer = client.post("/v1/plans", json={"case_id": case_id}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    assert client.get("/", headers=headers).status_code == 200


def test_the_drawing_library_is_ours_and_stays_with_the_browser(client):
    answer = client.get("/static/plotly.min.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert "plotly.js" in answer.text[:200]


def test_docs_name_every_address(client):
    page = client.get("/docs").text
    for path in client.get("/v1/openapi.json").json()["paths"]:
        assert path in page


def test_a_page_shows_no_form_that_its_reader_may_not_send(app, client, case_id, chain):
    chain.release.clear()
    client.post("/v1/plans", json={"case_id": case_id})
    chain.started.wait()
    later = datetime.now(UTC) + timedelta(days=1)
    with app.state.services.store.write() as session:
        secrets = {role: add_key(session, role, None, later)[1] for role in (Role.VIEWER, Role.PLANNER)}
    pages = {
        role: client.get("/", headers={"Authorization": f"Bearer {secret}"}).text for role, secret in secrets.items()
    }
    assert pages[Role.PLANNER].count("<form") == 2
    assert "<form" not in pages[Role.VIEWER]
    assert "data-job" in pages[Role.VIEWER]
