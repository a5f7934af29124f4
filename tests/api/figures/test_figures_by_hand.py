"""Values that can be worked out by hand from the tiny plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import get_args

import pytest

from api.cli.plans import BILL_KINDS
from api.figures import cost_waterfall, coverage, coverage_heatmap, forecast_fan, purchases, roster_gantt
from api.figures.purchase_costs import bought, spread
from api.figures.table import Table
from wfm.campaign import Event
from wfm.plan import BillLine


def test_the_waterfall_adds_up_to_the_bill(view):
    trace = cost_waterfall.figure(view).data[0]

    assert list(trace.measure) == ["relative"] * (len(trace.x) - 1) + ["total"]
    assert sum(trace.customdata[:-1]) == trace.customdata[-1] == view.plan.bill.total_cents
    assert dict(cost_waterfall.items(view))["Contract wages"] == 53_200
    assert dict(cost_waterfall.items(view))["Purchases: Casa, Casablanca"] == 13_000


def test_every_kind_of_cost_has_a_step(view):
    kinds = get_args(BillLine.model_fields["kind"].annotation)
    subjects = dict.fromkeys(kinds, "A1") | {"purchase": "casa"}
    lines = [
        BillLine(kind=kind, subject=subjects[kind], quantity=1, unit="h", cents=2**i) for i, kind in enumerate(kinds)
    ]
    total = sum(line.cents for line in lines)
    bill = view.plan.bill.model_copy(update={"lines": tuple(lines), "total_cents": total})

    steps = cost_waterfall.items(replace(view, plan=view.plan.model_copy(update={"bill": bill})))

    assert sum(cents for _, cents in steps) == total
    assert set(BILL_KINDS) == set(kinds)


def test_coverage_stacks_in_house_and_partners(view):
    own, partner, required = coverage.figure(view).data
    at = list(own.x).index("2026-12-07 08:00")
    service = coverage.figure(view).layout.updatemenus[0].buttons[1]

    assert service.label == "A · Service"
    assert (own.y[at], partner.y[at]) == (0.9, 1.8)
    assert required.y[at] == 2.5  # the mail is done in the afternoon
    assert [series[at] for series in service.args[0]["y"]] == [0.9, 1.8, 2.5]


def test_work_that_can_wait_is_required_when_the_plan_does_it(view):
    drawn = coverage.figure(view)
    mail = drawn.layout.updatemenus[0].buttons[3].args[0]["y"]
    day = [wall.startswith("2026-12-07") for wall in drawn.data[0].x]
    monday = [[value for value, on in zip(series, day, strict=True) if on] for series in mail]

    assert sum(monday[2]) == pytest.approx(4, abs=0.01)  # 4 agent-slots of mail in all
    assert max(monday[2]) == 0.9  # at the pace of the one agent who does it
    assert sum(monday[0]) == pytest.approx(8 * 0.9)


def test_work_left_undone_is_spread_over_the_hours_in_which_it_could_be_done(view, make_plan):
    nobody = replace(view, plan=make_plan(view.case, []))
    own, _, required = coverage.figure(nobody).layout.updatemenus[0].buttons[2].args[0]["y"]
    open_slots = [value for value in required if value]

    assert sum(open_slots) == pytest.approx(5 * 8, abs=0.01 * len(open_slots))
    assert len(set(open_slots)) == 1
    assert not any(own)


def test_the_weeks_of_the_plan_can_be_chosen(view):
    weeks = coverage.figure(view).layout.updatemenus[1].buttons

    assert [button.label for button in weeks] == ["7–13 Dec"]
    assert list(weeks[0].args[0]["xaxis.range"]) == ["2026-12-07 00:00", "2026-12-14 00:00"]


def test_the_heatmap_shows_agents_there_less_agents_wanted(view):
    service = view.case.campaign_by_id["service"]
    found = coverage_heatmap.balance(view, service)

    assert found.days == [date(2026, 12, day) for day in range(7, 12)]
    monday, tuesday = found.cells[0], found.cells[1]
    assert monday[found.times.index("08:00")] == pytest.approx(0.9 + 1.8 - 2.5)
    assert monday[found.times.index("09:00")] == pytest.approx(1.8 + 1.8 - 2.5)
    assert tuesday[found.times.index("09:00")] == pytest.approx(1.8 - 2.5)
    assert tuesday[found.times.index("18:00")] is None  # 19:00 in Paris: closed


def test_the_fan_shows_days_of_the_market_and_both_bands(view):
    service = view.case.campaign_by_id["service"]
    low95, high95, low80, high80, mean, actual = forecast_fan.figure(view).data

    assert forecast_fan.actuals(view, service) == [(date(2026, 11, day), 150.0) for day in range(9, 23)]
    assert list(actual.y) == [150] * 14
    assert list(mean.x) == [f"2026-12-{day:02}" for day in range(7, 12)]  # the weekend is closed
    assert (low95.y[0], low80.y[0], mean.y[0], high80.y[0], high95.y[0]) == (94.5, 108, 180, 252, 265.5)


def test_the_fan_names_the_events_of_the_campaign(view):
    mailing = Event(campaign="sales", name="mailing", first_day=date(2026, 12, 8), last_day=date(2026, 12, 9))
    long_ago = mailing.model_copy(update={"first_day": date(2025, 1, 1), "last_day": date(2025, 1, 2)})
    case = view.case.model_copy(update={"events": (mailing, long_ago)})
    figure = forecast_fan.figure(replace(view, case=case))
    service, sales = (figure.layout.updatemenus[0].buttons[place].args[1] for place in (0, 1))

    assert [note["text"] for note in service["annotations"]] == ["plan made", "plan starts"]
    assert [note.text for note in figure.layout.annotations] == ["plan made", "plan starts"]
    assert [note["text"] for note in sales["annotations"]] == ["plan made", "plan starts", "mailing"]
    assert (sales["shapes"][2]["x0"], sales["shapes"][2]["x1"]) == ("2026-12-07T12:00:00", "2026-12-09T12:00:00")


def test_outbound_says_records(view):
    buttons = forecast_fan.figure(view).layout.updatemenus[0].buttons

    assert [button.args[1]["yaxis.title.text"] for button in buttons] == [
        "Contacts offered per day",
        "Records loaded per day",
        "Contacts offered per day",
    ]


def test_purchases_of_a_partner_add_up_to_its_bill(view):
    (entry,) = bought(view)

    assert (entry.partner, entry.campaign, entry.week, entry.hours, entry.cents) == ("casa", "service", 0, 8.0, 13_000)
    assert [list(trace.y) for trace in purchases.figure(view).data] == [[8.0], [130.0]]


def test_a_minimum_billed_without_a_purchase_has_a_place_of_its_own(view, make_plan):
    empty = replace(view, plan=make_plan(view.case, []))

    assert [(entry.week, entry.cents) for entry in bought(empty)] == [(None, 13_000)]
    assert list(purchases.figure(empty).data[1].x) == ["7–13 Dec", "Minimum billing"]


@pytest.mark.parametrize(("cents", "weights", "parts"), [(100, (1, 1, 1), [34, 33, 33]), (7, (5, 0, 2), [5, 0, 2])])
def test_a_bill_is_spread_to_the_cent(cents, weights, parts):
    assert spread(cents, [Fraction(weight) for weight in weights]) == parts


def test_the_roster_shows_a_row_per_agent_at_wall_times(view):
    figure = roster_gantt.figure(view)
    by_name = {trace.name: trace for trace in figure.data}

    assert list(figure.layout.yaxis.categoryarray) == ["A2", "A1", "A3"]  # in order of their start
    service = by_name["A · Service"]
    assert list(service.y) == ["A2", "A2", "A1"]
    assert [base / 3_600_000 for base in service.base] == [8, 12, 9]
    assert [length / 3_600_000 for length in service.x] == [3, 3, 3]
    assert list(by_name["Break"].customdata) == ["11:00–12:00 break (lunch)"] + ["12:00–13:00 break (lunch)"] * 2
    assert len(figure.layout.updatemenus[0].buttons) == 5


def test_a_day_of_many_agents_is_shown_in_parts(view, monkeypatch):
    monkeypatch.setattr(roster_gantt, "MOST_ROWS", 2)
    figure = roster_gantt.figure(view)
    labels = [button.label for button in figure.layout.updatemenus[0].buttons]

    assert labels[:2] == ["Mon 7 Dec · 1–2 of 3 agents", "Mon 7 Dec · 3–3 of 3 agents"]
    assert list(figure.layout.yaxis.categoryarray) == ["A2", "A1"]


def test_the_roster_opens_on_the_day_with_the_most_agents(view, make_shift, make_plan):
    shifts = [make_shift("A1", 0, 9, ("service", 6)), make_shift("A1", 2, 9, ("service", 6))]
    busy = replace(view, plan=make_plan(view.case, [*shifts, make_shift("A2", 2, 8, ("service", 6))]))
    figure = roster_gantt.figure(busy)

    assert figure.layout.updatemenus[0].active == 1
    assert list(figure.layout.yaxis.categoryarray) == ["A2", "A1"]


def test_csv_cannot_be_run_as_a_formula():
    assert Table(("a", "b"), (("=1+1", -2),)).csv() == "a,b\r\n'=1+1,-2\r\n"
