import csv
import io

import pytest

from api.figures import FIGURES
from wfm.clock import tzdata_version
from wfm.compliance import evidence
from wfm.plan import Bill


def test_summary_says_what_is_proven_in_money(client, plan_id, tiny_plan, tiny_case):
    summary = client.get(f"/v1/plans/{plan_id}").json()
    certificate = tiny_plan.certificate
    assert summary["cost_cents"] == certificate.cost_cents
    assert summary["gap_cents"] == certificate.cost_cents - certificate.bound_cents
    assert summary["gap"] == pytest.approx(summary["gap_cents"] / summary["cost_cents"])
    assert (summary["currency"], summary["time_zone"]) == ("EUR", "Africa/Casablanca")
    assert summary["versions"] == tiny_plan.versions
    assert summary["tzdata_version"] == tiny_plan.tzdata_version
    assert summary["case_hash"] == tiny_case.content_hash()
    assert summary["seconds"] == {"plan": 1.5}
    assert [entry["id"] for entry in client.get("/v1/plans").json()] == [plan_id]


def test_roster_has_every_segment_on_both_clocks(client, plan_id, tiny_plan):
    rows = client.get(f"/v1/plans/{plan_id}/roster").json()
    assert len(rows) == sum(len(shift.segments) for shift in tiny_plan.shifts)
    assert rows[0] == {
        "agent": "A1", "site": "rabat", "day": "2026-12-07", "pattern": "day", "activity": "work", "campaign": "service",
        "break_name": None, "start": "2026-12-07T09:00:00Z", "end": "2026-12-07T12:00:00Z",
        "start_local": "2026-12-07T09:00:00Z", "end_local": "2026-12-07T12:00:00Z", "time_zone": "Africa/Casablanca",
        "minutes": 180,
    }  # fmt: skip
    assert {row["activity"] for row in rows} == {"work", "break", "idle"}


def test_purchases_say_seats_and_hours(client, plan_id):
    (row,) = client.get(f"/v1/plans/{plan_id}/purchases").json()
    assert (row["partner"], row["campaign"], row["blocks"], row["seats"]) == ("casa", "service", 1, 2)
    assert row["productive_hours"] == 8
    assert (row["start"], row["end"]) == ("2026-12-07T08:00:00Z", "2026-12-07T12:00:00Z")


@pytest.mark.parametrize("table", ["roster", "purchases", "coverage", "compliance", "figures/cost_waterfall"])
def test_tables_come_as_csv(client, plan_id, table):
    answer = client.get(f"/v1/plans/{plan_id}/{table}?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert ".csv" in answer.headers["content-disposition"]
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert rows
    assert all(len(row) == len(header) for row in rows)


def test_coverage_has_a_value_for_every_slot(client, plan_id, tiny_case):
    coverage = client.get(f"/v1/plans/{plan_id}/coverage").json()
    assert coverage["slots"] == tiny_case.grid.slots
    service = coverage["campaigns"][0]
    assert service["campaign"] == "service"
    # Monday 09:00 in Rabat: A1 and A2 at 90 %, two seats at 90 %.
    assert (service["in_house"][18], service["partner"][18], service["required"][18]) == (1.8, 1.8, 2.5)
    assert all(len(service[name]) == coverage["slots"] for name in ("required", "in_house", "partner"))


def test_missing_hours_agree_with_the_bill(client, plan_id, tiny_plan):
    campaigns = client.get(f"/v1/plans/{plan_id}/coverage").json()["campaigns"]
    short = {line.subject: line.quantity for line in tiny_plan.bill.lines if line.kind == "shortage"}
    assert {
        entry["campaign"]: entry["missing_hours"] for entry in campaigns if entry["missing_hours"]
    } == pytest.approx(short)


def test_costs_certificate_and_check(client, plan_id, tiny_plan):
    assert Bill.model_validate(client.get(f"/v1/plans/{plan_id}/costs").json()) == tiny_plan.bill
    assert client.get(f"/v1/plans/{plan_id}/certificate").json() == tiny_plan.certificate.to_dict()
    assert client.get(f"/v1/plans/{plan_id}/violations").json() == []


def test_compliance_lists_every_rule_with_its_tightest(client, plan_id, tiny_case, tiny_requirement, tiny_plan):
    rules = client.get(f"/v1/plans/{plan_id}/compliance").json()
    assert rules == [entry.to_dict() for entry in evidence(tiny_case, tiny_requirement, tiny_plan)]
    window = next(entry for entry in rules if entry["code"] == "FR-OUT-WINDOW")
    assert (window["checked"], window["breaches"], window["tightest"]["margin"]) == (10, 0, 0)


def test_advice_is_empty_where_no_holiday_differs(client, plan_id):
    assert client.get(f"/v1/plans/{plan_id}/advice").json() == []
    assert client.get(f"/v1/plans/{plan_id}/advice?format=csv").text.startswith("kind,day,subject,hours,cost,")


def test_every_figure_is_plotly_json_and_a_page(client, plan_id):
    listed = client.get(f"/v1/plans/{plan_id}/figures").json()
    assert [entry["name"] for entry in listed] == list(FIGURES)
    for entry in listed:
        figure = client.get(entry["href"]).json()
        assert figure["data"] is not None
        assert "layout" in figure
        page = client.get(f"{entry['href']}?format=html")
        assert f'data-figure="{entry["href"]}"' in page.text
        assert "/static/plotly.min.js" in page.text


def test_unknown_figure_and_format(client, plan_id):
    assert client.get(f"/v1/plans/{plan_id}/figures/none").status_code == 404
    assert client.get(f"/v1/plans/{plan_id}/figures/coverage?format=gif").status_code == 422


def test_report_is_one_page(client, plan_id):
    answer = client.get(f"/v1/plans/{plan_id}/report")
    assert answer.headers["content-type"].startswith("text/html")
    assert "Tiny" in answer.text


def test_health(client):
    health = client.get("/health").json()
    assert (health["status"], health["queued_jobs"], health["running_jobs"]) == ("ok", 0, 0)
    assert health["tzdata_version"] == tzdata_version() >= "2026.3"


def test_publishing_puts_a_plan_in_force_until_the_next(client, run_job):
    first, second = run_job()["plan_id"], run_job()["plan_id"]
    entries = {plan["id"]: (plan["version"], plan["state"]) for plan in client.get("/v1/plans").json()}
    assert entries == {first: (1, "draft"), second: (2, "draft")}

    answer = client.post(f"/v1/plans/{first}/publish")
    assert (answer.status_code, answer.json()["state"]) == (200, "published")
    assert client.post(f"/v1/plans/{first}/publish").json() == answer.json()
    assert client.post(f"/v1/plans/{second}/publish").json()["version"] == 2

    again = client.post(f"/v1/plans/{first}/publish")
    assert (again.status_code, again.json()["code"]) == (409, "plan-superseded")
    assert client.get(f"/v1/plans/{first}").json()["state"] == "superseded"
    assert client.post("/v1/plans/none/publish").status_code == 404


def test_the_roster_says_which_version_it_is_and_whether_it_is_in_force(client, run_job):
    plans = [run_job()["plan_id"] for _ in range(2)]

    def said(plan_id):
        rows = csv.DictReader(io.StringIO(client.get(f"/v1/plans/{plan_id}/roster?format=csv").text))
        return {(row["version"], row["published"]) for row in rows}

    assert [said(plan) for plan in plans] == [{("1", "false")}, {("2", "false")}]
    client.post(f"/v1/plans/{plans[1]}/publish")
    assert [said(plan) for plan in plans] == [{("1", "false")}, {("2", "true")}]
    client.post(f"/v1/plans/{plans[0]}/publish")
    assert [said(plan) for plan in plans] == [{("1", "true")}, {("2", "false")}]
    rows = csv.DictReader(io.StringIO(client.get(f"/v1/plans/{plans[1]}/purchases?format=csv").text))
    assert {row["version"] for row in rows} == {"2"}


def test_a_part_of_the_roster_is_given_packed_or_not(client, plan_id):
    """Packed answers are kept as they are sent."""
    address = f"/v1/plans/{plan_id}/roster"
    whole = client.get(address).json()
    days = sorted({row["day"] for row in whole})
    part = [row for row in whole if days[1] <= row["day"] <= days[2]]
    for encoding in ("gzip", "identity"):
        answer = client.get(f"{address}?first_day={days[1]}&last_day={days[2]}", headers={"Accept-Encoding": encoding})
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert "Accept-Encoding" in answer.headers["vary"]
        assert answer.json() == part
    assert part
    assert client.get(f"{address}?first_day=2030-01-01").json() == []
