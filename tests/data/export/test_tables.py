"""What the exported tables say, row by row."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from data.export import cells
from data.export.advice import advice_csv
from data.export.capacity_requests import capacity_requests_csv
from data.export.certificate import certificate_json
from data.export.compliance import compliance_csv
from data.export.forecast import forecast_csv
from data.export.requirement import requirement_csv
from data.export.roster import roster_csv
from wfm.calendar import CalendarChange, Change
from wfm.demand import QUANTILES
from wfm.plan import Purchase


def rows(text):
    return list(csv.DictReader(io.StringIO(text), strict=True))


@pytest.mark.parametrize("value", ["=1+1", "+33", "-1", "@cmd", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(value):
    assert cells.text(value) == f"'{value}"


def test_other_text_is_kept():
    assert cells.text("Équipe Meknès") == "Équipe Meknès"
    assert rows(cells.table(("a", "b"), [("x,y", 'é "z"')])) == [{"a": "x,y", "b": 'é "z"'}]


def test_cells():
    instant = datetime(2026, 12, 7, 8, 30, tzinfo=UTC)

    assert cells.utc(instant) == "2026-12-07T08:30:00Z"
    assert cells.local(instant, ZoneInfo("Europe/Paris")) == "2026-12-07T09:30:00+01:00"
    assert [cells.money(cents) for cents in (5, 120_050, -5, -250)] == ["0.05", "1200.50", "-0.05", "-2.50"]


def test_the_roster_has_a_row_per_activity(tiny_case, tiny_plan):
    roster = rows(roster_csv(tiny_case, tiny_plan))

    assert len(roster) == sum(len(shift.segments) for shift in tiny_plan.shifts)
    assert roster[0] == {
        "schedule_id": tiny_case.content_hash()[:12],
        "version": "1",
        "site": "rabat",
        "agent_id": "A1",
        "agent_email": "",
        "shift_id": "A1-2026-12-07",
        "activity_code": "work",
        "campaign": "service",
        "start_local": "2026-12-07T09:00:00+00:00",
        "end_local": "2026-12-07T12:00:00+00:00",
        "time_zone": "Africa/Casablanca",
        "start_utc": "2026-12-07T09:00:00Z",
        "end_utc": "2026-12-07T12:00:00Z",
        "paid": "true",
        "minutes": "180",
        "published": "false",
        "tzdata": tiny_plan.tzdata_version,
    }
    assert {(row["activity_code"], row["campaign"], row["paid"]) for row in roster if row["agent_id"] == "A2"} == {
        ("work", "service", "true"),
        ("break:lunch", "", "false"),
        ("idle", "", "true"),
    }


def test_the_roster_does_not_depend_on_the_order_of_the_plan(tiny_case, tiny_plan):
    shuffled = tiny_plan.model_copy(update={"shifts": tiny_plan.shifts[::-1]})

    assert roster_csv(tiny_case, shuffled) == roster_csv(tiny_case, tiny_plan)


def test_a_capacity_request_tells_seats_hours_and_price(tiny_case, tiny_plan):
    [request] = rows(capacity_requests_csv(tiny_case, tiny_plan))

    assert request == {
        "request_id": f"{tiny_case.content_hash()[:12]}-casa-service",
        "version": "1",
        "state": "draft",
        "partner": "casa",
        "city": "Casablanca",
        "campaign": "service",
        "day": "2026-12-07",
        "block_shift": "am",
        "start_local": "2026-12-07T08:00:00+00:00",
        "end_local": "2026-12-07T12:00:00+00:00",
        "time_zone": "Africa/Casablanca",
        "start_utc": "2026-12-07T08:00:00Z",
        "end_utc": "2026-12-07T12:00:00Z",
        "blocks": "1",
        "seats": "2",
        "block_seats": "2",
        "tier_mode": "incremental",
        "min_billed_hours": "10",
        "productive_hours": "8",
        "average_price_per_hour": "16.25",
        "cost_share": "130.00",
        "currency": "EUR",
    }


def test_shares_of_a_partner_sum_to_its_bill(tiny_case, make_plan):
    tiers = (tiny_case.partners[0].tiers[0].model_copy(update={"price_per_hour": 1301}),)
    partner = tiny_case.partners[0].model_copy(update={"tiers": tiers, "min_billed_hours": 57.77})
    case = tiny_case.model_copy(update={"partners": (partner,)})
    bought = [
        Purchase(partner="casa", campaign="service", day=date(2026, 12, day), shift=shift, blocks=blocks)
        for day, shift, blocks in ((9, "am", 1), (7, "am", 2), (8, "pm", 3))
    ]
    plan = make_plan(case, [], bought)
    requests = rows(capacity_requests_csv(case, plan))

    assert [line.cents for line in plan.bill.lines if line.kind == "purchase"] == [75_159]
    assert [row["day"] for row in requests] == ["2026-12-07", "2026-12-08", "2026-12-09"]
    assert [row["cost_share"] for row in requests] == ["250.53", "375.80", "125.26"]


def test_nothing_bought_gives_an_empty_table(tiny_case, make_plan):
    assert rows(capacity_requests_csv(tiny_case, make_plan(tiny_case, []))) == []


def test_the_requirement_has_a_row_per_campaign_and_interval(tiny_case, tiny_requirement):
    table = rows(requirement_csv(tiny_case, tiny_requirement))

    assert len(table) == 3 * 336
    assert table[16] == {
        "campaign": "service",
        "start_local": "2026-12-07T09:00:00+01:00",
        "time_zone": "Europe/Paris",
        "start_utc": "2026-12-07T08:00:00Z",
        "minutes": "30",
        "open": "true",
        "volume": "10.0",
        "aht_seconds": "300.0",
        "net_agents": "2.5",
        "service_level": "",
    }
    assert (table[15]["open"], table[15]["net_agents"]) == ("false", "0.0")


def test_the_expected_service_level_is_told(tiny_case, tiny_requirement):
    entry, *others = tiny_requirement.campaigns
    known = entry.model_copy(update={"service_level": (0.5,) * 336})
    table = rows(requirement_csv(tiny_case, tiny_requirement.model_copy(update={"campaigns": (known, *others)})))

    assert (table[0]["service_level"], table[336]["service_level"]) == ("0.5", "")


def test_the_forecast_keeps_every_digit(tiny_case, tiny_forecast):
    table = rows(forecast_csv(tiny_case, tiny_forecast))
    service = tiny_forecast.campaigns[0]

    assert [float(row["mean"]) for row in table if row["campaign"] == "service"] == list(service.mean)
    assert [float(table[16][f"q{level}"]) for level in QUANTILES] == [slots[16] for slots in service.quantiles]


def test_the_certificate_says_of_which_plan(tiny_plan):
    certificate = json.loads(certificate_json(tiny_plan))

    assert certificate["plan_hash"] == tiny_plan.content_hash()
    assert (certificate["status"], certificate["stop_reason"]) == ("feasible", "converged")
    assert certificate["cost_cents"] == tiny_plan.bill.total_cents


def test_the_compliance_report_tells_what_came_nearest(tiny_case, tiny_requirement, tiny_plan):
    table = {row["code"]: row for row in rows(compliance_csv(tiny_case, tiny_requirement, tiny_plan))}

    assert table["MA-REST-DAILY"] == {
        "code": "MA-REST-DAILY",
        "title": "At least this much elapsed rest between two shifts",
        "hard": "true",
        "verified": "false",
        "source": "Code du travail, loi 65-99, art. 174, applied to everyone by policy",
        "valid_from": "2004-06-08",
        "checked": "12",
        "breaches": "0",
        "tightest_subject": "A1",
        "tightest_where": "before the shift of 2026-12-08",
        "tightest_found": "16 h",
        "tightest_limit": "11 h",
        "tightest_margin": "300",
        "margin_unit": "min",
        "note": "",
    }
    unmeasured = table["FR-OUT-REFUSAL"]
    assert (unmeasured["checked"], unmeasured["tightest_margin"]) == ("0", "")
    assert unmeasured["note"]
    assert {row["breaches"] for row in table.values()} == {"0"}


def test_advice_is_told_with_its_cost(tiny_case, tiny_requirement, tiny_plan):
    """Were Monday, 7 December, of a feast that is only expected: A1 to A3 work it, and nobody is off to stand by."""
    expected = CalendarChange(country="MA", feast="Élections", day=date(2026, 12, 6), status=Change.ESTIMATED)
    case = tiny_case.model_copy(update={"calendar_changes": (expected,)})
    table = rows(advice_csv(case, tiny_requirement, tiny_plan))

    assert [row["kind"] for row in table] == ["standby_partner", "standby_partner", "premium_at_risk"]
    assert table[2] == {
        "kind": "premium_at_risk",
        "day": "2026-12-07",
        "subject": "rabat",
        "hours": "21",
        "cost": "106.40",
        "currency": "EUR",
        "reason": "Élections is expected on 2026-12-06, and announced on the eve only: it may fall on this day instead. "
        "The shifts of this day would then cost holiday pay.",
    }


def test_advice_that_costs_nothing_has_no_cost(tiny_case, tiny_requirement, tiny_plan):
    bridge = CalendarChange(country="FR", feast="Pont", day=date(2026, 12, 7), status=Change.DECLARED)
    case = tiny_case.model_copy(update={"calendar_changes": (bridge,)})
    [row] = rows(advice_csv(case, tiny_requirement, tiny_plan))

    assert (row["kind"], row["subject"], row["hours"], row["cost"]) == ("leave_or_training", "A2", "1", "")


def test_no_advice_gives_an_empty_table(tiny_case, tiny_requirement, tiny_plan):
    assert rows(advice_csv(tiny_case, tiny_requirement, tiny_plan)) == []
