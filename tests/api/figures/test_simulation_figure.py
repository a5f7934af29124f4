"""Promised against simulated, drawn from a report whose figures are known."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from api.figures.simulation import figure, lines, table
from wfm.assumptions import Handling, Rates, Routing
from wfm.simulation import DeferrableFigures, Estimate, InboundFigures, OutboundFigures, SimulationReport


def about(value, half):
    return Estimate(value=value, low=value - half, high=value + half)


@pytest.fixture
def report(view):
    service = InboundFigures(
        campaign="service", service_level_definition="answered within target / offered", target_service_level=0.8,
        promised_service_level=0.82, covered_share=0.9, service_level=about(0.7, 0.02), days_met=about(0.25, 0.1),
        abandonment=about(0.1, 0.01), mean_wait_seconds=about(33.0, 3.0), occupancy=about(0.8, 0.01),
        offered=1000, answered=900, abandoned=90, sent_away=10,
        rostered_service_level=0.74,
    )  # fmt: skip
    sales = OutboundFigures(
        campaign="sales", covered_share=0.5, planned_contacts=40.0, contacts=about(60.0, 8.0), occupancy=None,
        records=500, attempts=900, records_left=0, rostered_contacts=38.0,
    )  # fmt: skip
    mail = DeferrableFigures(
        campaign="mail", covered_share=1.0, done_in_time=None, occupancy=None, arrived=0, begun=0, not_begun=0
    )
    return SimulationReport(
        case_hash=view.plan.case_hash, requirement_hash=view.plan.requirement_hash, plan_hash=view.plan.content_hash(),
        seed=1, rates=Rates.UNCERTAIN, handling=Handling.EXPONENTIAL, routing=Routing.ROSTERED, runs=2, days=14,
        inbound=(service,), outbound=(sales,), deferrable=(mail,), events=3000, seconds=0.1, events_per_second=30000.0,
    )  # fmt: skip


def by_name(drawn):
    return {trace.name.partition(",")[0]: trace for trace in drawn.data}


def test_every_campaign_has_what_was_promised_and_what_happened(view, report):
    traces = by_name(figure(view, report))

    assert list(traces["Promised"].x) == [82.0, 50.0, 100.0]
    assert list(traces["Target"].x) == [80.0]
    assert list(traces["Expected of this roster"].x) == [74.0, 47.5]  # 38 contacts of the 80
    assert list(traces["Simulated"].x) == [70.0, 75.0]  # 60 contacts of the 80 at full coverage; no mail came
    assert list(traces["Simulated"].error_x.array) == list(traces["Simulated"].error_x.arrayminus) == [2.0, 10.0]
    assert list(traces["Days that reach the target"].x) == [25.0]
    assert "A · Service" in traces["Simulated"].y[0]


def test_signs_differ_in_shape(view, report):
    shapes = [trace.marker.symbol for trace in figure(view, report).data]

    assert len(set(shapes)) == len(shapes) == 5


def test_axes_name_their_unit_and_hold_every_interval(view, report):
    layout = figure(view, report).layout

    assert layout.xaxis.title.text == "Share of contacts (%)"
    assert layout.xaxis2.title.text == "Share of 14 days (%)"
    assert layout.xaxis.range[1] >= 100
    more = report.outbound[0].model_copy(update={"contacts": about(100.0, 4.0)})
    wide = figure(view, report.model_copy(update={"outbound": (more,)}))
    assert wide.layout.xaxis.range[1] > 130


def test_the_table_has_all_of_it(view, report):
    found = table(view, report)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    assert [row["Measure"] for row in rows] == ["service level", "contacts made", "done in time"]
    assert rows[0]["Promised (%)"] == 82.0
    assert [row["Expected of this roster (%)"] for row in rows] == [74.0, 47.5, ""]
    assert (rows[0]["Simulated (%), 95 % from"], rows[0]["Simulated (%), 95 % to"]) == (68.0, 72.0)
    assert (rows[0]["Mean wait (s)"], rows[0]["Abandoned (%)"]) == (33.0, 10.0)
    assert (rows[2]["Simulated (%)"], rows[2]["Target (%)"]) == ("", "")


def test_without_inbound_work_there_is_no_day_to_meet(view, report):
    drawn = figure(view, report.model_copy(update={"inbound": ()}))

    assert "Days that reach the target" not in by_name(drawn)
    assert json.loads(drawn.to_json())["layout"].get("xaxis2") is None


def test_nothing_is_planned_and_nothing_is_divided_by(view, report):
    none = report.outbound[0].model_copy(update={"covered_share": 0.0, "planned_contacts": 0.0})

    [line] = [line for line in lines(view, report.model_copy(update={"outbound": (none,)})) if line.campaign == "sales"]
    assert line.simulated is None


def test_a_promise_on_days_stands_beside_the_days_that_meet_it(view, report):
    risky = [entry.model_dump() | ({"risk": 0.8} if entry.id == "service" else {}) for entry in view.case.campaigns]
    case = type(view.case).model_validate(view.case.model_dump() | {"campaigns": risky})
    promised = replace(view, case=case)

    assert list(by_name(figure(promised, report))["Share of days promised"].x) == [80.0]
    found = table(promised, report)
    assert dict(zip(found.columns, found.rows[0], strict=True))["Share of days promised (%)"] == 80.0
    assert "Share of days promised" not in by_name(figure(view, report))
